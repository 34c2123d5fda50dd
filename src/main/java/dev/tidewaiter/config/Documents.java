package dev.tidewaiter.config;

import dev.tidewaiter.model.Problem;
import java.util.List;

/// What one file contains.
///
/// @param documents those that could be read, without empty ones
/// @param problems of the text; empty if it is well-formed
/// @param complete whether the text was read to its end; otherwise nothing is known about what else
///   it declares
record Documents(List<Document> documents, List<Problem> problems, boolean complete) {
  Documents {
    documents = List.copyOf(documents);
    problems = List.copyOf(problems);
  }

  /// Whether there is nothing in the text, or comments alone.
  boolean isEmpty() {
    return complete && documents.isEmpty() && problems.isEmpty();
  }

  static Documents unreadable(Problem problem) {
    return new Documents(List.of(), List.of(problem), false);
  }
}
