package dev.tidewaiter.target.host.containers;

import dev.tidewaiter.model.FileContent;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Port: the programs of a host that read the same files as its runtimes and can be asked what they
/// make of them.
interface Trials {
  /// For a host whose programs are not run.
  Trials NONE = List::of;

  /// Those that are there, the one to prefer first.
  List<Program> programs();

  /// The first program that can answer a question, which one that cannot run here, or that stumbles
  /// over what others wrote, does not.
  default Optional<Program> able(Question known) throws IOException {
    for (Program program : programs()) {
      if (program.judge(known) != Verdict.BROKEN) {
        return Optional.of(program);
      }
    }
    return Optional.empty();
  }

  /// One of them.
  interface Program {
    Verdict judge(Question question) throws IOException;
  }

  /// Whether images beneath a prefix may be pulled.
  ///
  /// @param policy a signature policy; null for the one of the host
  /// @param dropIn registries in addition to those of the host; null for none
  /// @param prefix `host[:port][/path]`
  record Question(@Nullable FileContent policy, @Nullable FileContent dropIn, String prefix) {}

  /// The answer.
  enum Verdict {
    ACCEPTED,
    /// By the policy.
    REJECTED,
    /// It failed before the policy was asked: a file is malformed, or the program cannot run.
    BROKEN
  }
}
