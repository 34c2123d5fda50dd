package dev.tidewaiter.registry.ecr;

import dev.tidewaiter.registry.TokenAnswer;
import java.util.function.Function;

/// What came of one step towards a token.
sealed interface Attempt<T> {
  record Done<T>(T value) implements Attempt<T> {}

  /// @param answer no [TokenAnswer.Token]
  record Failed<T>(TokenAnswer answer) implements Attempt<T> {}

  /// The next step, if this one is done.
  default <N> Attempt<N> then(Function<T, Attempt<N>> next) {
    return switch (this) {
      case Done<T>(T value) -> next.apply(value);
      case Failed<T>(TokenAnswer answer) -> new Failed<>(answer);
    };
  }
}
