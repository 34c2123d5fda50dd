package dev.tidewaiter.config;

import dev.tidewaiter.model.Problem;
import java.util.List;

/// What became of loading a snapshot.
public sealed interface Loaded {
  /// It may be applied.
  ///
  /// @param notes what its author may want to know; none of them prevents anything
  record Accepted(Declarations declarations, List<Problem> notes) implements Loaded {
    public Accepted {
      notes = notes.stream().sorted().toList();
    }
  }

  /// It may not.
  ///
  /// @param problems all there are, sorted by place; at least one
  record Rejected(List<Problem> problems) implements Loaded {
    public Rejected {
      problems = problems.stream().sorted().toList();
    }
  }
}
