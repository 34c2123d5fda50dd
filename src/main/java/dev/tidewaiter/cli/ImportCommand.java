package dev.tidewaiter.cli;

import dev.tidewaiter.config.DaemonConfiguration;
import dev.tidewaiter.intake.existing.Drafting;
import dev.tidewaiter.intake.existing.Found;
import dev.tidewaiter.intake.existing.MovingIn;
import dev.tidewaiter.intake.existing.Proposal;
import dev.tidewaiter.model.PlainCause;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.secrets.vault.VaultSecretWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `import`: what already gives access to registries, as declarations. Nothing that it reads is
/// changed.
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Turns existing pull Secrets and the files of container runtimes into declarations.",
      "Secrets go to Vault with --write-to-vault, and else into a script with its files, which only"
          + " you can read. Nothing that is read is changed, and nothing that exists is overwritten."
    })
final class ImportCommand implements Callable<Integer> {
  private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

  @Spec private CommandSpec spec;

  @Mixin private ImportSources sources = new ImportSources();

  @Option(
      names = "--to",
      paramLabel = "DIRECTORY",
      required = true,
      description = "Where the declarations go: a directory that is not there yet, or empty.")
  private Path declarations = Path.of("");

  @Option(
      names = "--vault-path-prefix",
      paramLabel = "PATH",
      defaultValue = "secret/registries",
      description =
          "Where in Vault secrets go, mount first; each registry has a path below it (default:"
              + " ${DEFAULT-VALUE}).")
  private String prefix = "";

  @Option(
      names = "--write-to-vault",
      description =
          "Write the secrets to Vault now, with the login of --config, which needs `create` and"
              + " `read` there. What is there and differs stays, and is told.")
  private boolean writes;

  @Option(
      names = "--vault-commands",
      paramLabel = "DIRECTORY",
      description =
          "Where the script and its files go, with modes that only you can read (default: the"
              + " --to directory's name with `.vault` at its end). Keep it out of Git.")
  private @Nullable Path commands;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "A daemon's configuration, for its clusters and its login to Vault.")
  private @Nullable Path configuration;

  @Option(
      names = {"-e", "--environment"},
      paramLabel = "NAME",
      defaultValue = "imported",
      description =
          "The environment's name where a cluster's is not known (default: ${DEFAULT-VALUE}).")
  private String environment = "";

  @Mixin private DocumentOption output = new DocumentOption();

  @Override
  public Integer call() throws CommandFailure {
    requireOptions();
    @Nullable DaemonConfiguration daemon =
        configuration == null ? null : ConfigurationFile.load(configuration);
    List<Found> found = sources.read(daemon);
    Proposal proposal = Drafting.of(found, new Drafting.Terms(prefix, environment));
    if (proposal.registries().isEmpty()) {
      ImportOutput.printNothing(proposal, output.format(), spec.commandLine().getOut());
      return ExitCode.OK.number();
    }
    try (@Nullable VaultSecretWriter vault = writes ? writer(daemon) : null) {
      var places = new MovingIn.Places(declarations, writes ? null : commands());
      return end(proposal, places, new MovingIn(places, vault).carryOut(proposal));
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          declarations
              + ": The directory cannot be written ("
              + PlainCause.of(e)
              + ").\n  Name another with --to, and for the secrets with --vault-commands.");
    }
  }

  private void requireOptions() throws CommandFailure {
    if (!prefix.matches("[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*")
        || prefix.matches("(.*/)?\\.{1,2}(/.*)?")) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--vault-path-prefix "
              + prefix
              + ": This is no path of Vault.\n  Write the mount first, such as `secret/registries`.");
    }
    if (!environment.matches(LABEL)) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--environment "
              + environment
              + ": This is no name.\n  Write lower-case letters, digits and `-`, at most 63.");
    }
    if (writes && commands != null) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--vault-commands: With --write-to-vault there are none.\n  Leave one of the two out.");
    }
  }

  private Path commands() throws CommandFailure {
    Path folder = declarations.toAbsolutePath().normalize();
    Path place =
        commands == null ? folder.resolveSibling(folder.getFileName() + ".vault") : commands;
    for (Path up = place.toAbsolutePath().normalize(); up != null; up = up.getParent()) {
      if (Files.exists(up.resolve(".git"))) {
        throw new CommandFailure(
            ExitCode.USAGE,
            place
                + ": Secrets are not written into a Git repository, "
                + up
                + ".\n  Name a directory outside of it with --vault-commands, or use --write-to-vault.");
      }
    }
    return place;
  }

  private static VaultSecretWriter writer(@Nullable DaemonConfiguration daemon)
      throws CommandFailure {
    DaemonConfiguration.Vault vault = daemon == null ? null : daemon.vault();
    if (daemon == null || vault == null) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--write-to-vault: No configuration names a Vault.\n  Name one that does with --config.");
    }
    return new VaultSecretWriter(
        Adapters.vault(vault, daemon.proxy()), System::nanoTime, new SecureRandom());
  }

  private int end(Proposal proposal, MovingIn.Places places, MovingIn.Ended ended)
      throws CommandFailure {
    return switch (ended) {
      case MovingIn.Ended.Done done -> {
        ImportOutput.print(proposal, places, done, output.format(), spec.commandLine().getOut());
        yield (done.hasConflict() ? ExitCode.INCOMPLETE : ExitCode.OK).number();
      }
      case MovingIn.Ended.Taken(Path place) ->
          throw new CommandFailure(
              ExitCode.USAGE,
              place
                  + ": Something is there already, and nothing is overwritten.\n  Name another"
                  + " directory with --to, and for the secrets with --vault-commands.");
      case MovingIn.Ended.Rejected(List<Problem> problems) ->
          throw new CommandFailure(
              ExitCode.REJECTED,
              "What was found does not make declarations that are accepted; nothing was written.\n"
                  + problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
      case MovingIn.Ended.VaultFailed(List<String> reasons) ->
          throw new CommandFailure(
              ExitCode.UNAVAILABLE,
              String.join("\n", reasons)
                  + "\n  No file was written. Correct it and run the same again: what is in Vault by now"
                  + " is recognised.");
    };
  }
}
