package dev.tidewaiter.cli;

import dev.tidewaiter.config.DaemonConfiguration;
import dev.tidewaiter.intake.trust.ChainFetcher;
import dev.tidewaiter.intake.trust.ChainReport;
import dev.tidewaiter.intake.trust.Endpoint;
import dev.tidewaiter.intake.trust.Fetched;
import dev.tidewaiter.intake.trust.Reach;
import dev.tidewaiter.intake.trust.SystemTrust;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.registry.DeniedAddresses;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `trust`: which certificates does a registry present, and what would a declaration have to say to
/// trust them? It trusts nothing and writes nothing.
@Command(
    name = "trust",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the certificates that a registry presents, and the declaration that trusts them.",
      "Nothing is trusted and no file is written: compare the fingerprint with the registry's owner,"
          + " by another way than this network, before you paste the declaration."
    })
final class TrustCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "HOST[:PORT]",
      description = "The registry, as image names write it (port 443 if none is given).")
  private String host = "";

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description =
          "A daemon's configuration, whose `proxy` is used and whose `probe.deniedNetworks` are"
              + " refused.")
  private @Nullable Path configuration;

  @Mixin private DocumentOption output = new DocumentOption();

  @Override
  public Integer call() throws CommandFailure {
    Endpoint endpoint = endpoint();
    return switch (new ChainFetcher(reach()).fetch(endpoint)) {
      case Fetched.Without(String reason, String hint) ->
          throw new CommandFailure(
              ExitCode.UNAVAILABLE, "%s: The server %s.%n  %s".formatted(endpoint, reason, hint));
      case Fetched.Presented presented -> {
        var report = ChainReport.of(endpoint, presented, SystemTrust.ofThisMachine());
        TrustOutput.print(report, Instant.now(), output.format(), spec.commandLine().getOut());
        yield ExitCode.OK.number();
      }
    };
  }

  private Endpoint endpoint() throws CommandFailure {
    Optional<String> mistake = RegistryAddress.mistakeIn(host);
    if (mistake.isPresent()) {
      throw new CommandFailure(
          ExitCode.USAGE, host + ": This is not the address of a registry.\n  " + mistake.get());
    }
    return new Endpoint(new RegistryAddress(host));
  }

  private Reach reach() throws CommandFailure {
    if (configuration == null) {
      return Reach.direct();
    }
    DaemonConfiguration daemon = ConfigurationFile.load(configuration);
    return new Reach(daemon.proxy(), new DeniedAddresses(daemon.probe().deniedNetworks()));
  }
}
