package dev.tidewaiter.cli;

import dev.tidewaiter.intake.layout.NewRepository;
import dev.tidewaiter.model.PlainCause;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `init`: a config repository to begin with.
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = {
      "Lays out a new config repository: folders, examples, and the check of pull requests.",
      "No existing file is changed; `git init` is yours."
    })
final class InitCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIRECTORY",
      defaultValue = ".",
      description = "Where; by default, here.")
  private Path directory = Path.of(".");

  @Override
  public Integer call() throws CommandFailure {
    var repository = new NewRepository(directory);
    List<String> existing = repository.existing();
    if (!existing.isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          directory
              + ": These files are there already, and none is overwritten: "
              + String.join(", ", existing)
              + ".\n  Move them, or name another directory.");
    }
    try {
      print(repository.create());
      return ExitCode.OK.number();
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          directory
              + ": The files cannot be created ("
              + PlainCause.of(e)
              + ").\n  Name a directory that you may write.");
    }
  }

  private void print(List<String> created) {
    PrintWriter out = spec.commandLine().getOut();
    created.forEach(out::println);
    String guide =
        created.contains(NewRepository.README)
            ? "README.md says how to go on"
            : "README.md is there already and stays as it is";
    out.println(guide + "; `tidewaiter validate " + directory + "` checks what was laid out.");
    out.flush();
  }
}
