package dev.tidewaiter.config;

import dev.tidewaiter.model.Problem;
import java.util.List;

/// What became of loading a daemon's own configuration.
public sealed interface LoadedConfiguration {
  /// It may be used.
  ///
  /// @param notes what its owner may want to know; none of them prevents anything
  record Accepted(DaemonConfiguration configuration, List<Problem> notes)
      implements LoadedConfiguration {
    public Accepted {
      notes = notes.stream().sorted().toList();
    }
  }

  /// It may not, or it could not be read.
  ///
  /// @param problems all there are, sorted by place; at least one
  record Rejected(List<Problem> problems) implements LoadedConfiguration {
    public Rejected {
      problems = problems.stream().sorted().toList();
    }
  }
}
