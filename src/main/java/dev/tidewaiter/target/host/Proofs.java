package dev.tidewaiter.target.host;

import dev.tidewaiter.target.Proof;
import java.util.ArrayList;
import java.util.List;

/// The proofs of a host's runtimes, as one: it fails if one fails, and is inconclusive if one is.
final class Proofs {
  private final List<String> refuted = new ArrayList<>();
  private final List<String> inconclusive = new ArrayList<>();

  void add(String runtime, Proof proof) {
    switch (proof) {
      case Proof.Proven() -> {}
      case Proof.Inconclusive(String detail) -> inconclusive.add(runtime + ": " + detail);
      case Proof.Refuted(String detail) -> refuted.add(runtime + ": " + detail);
    }
  }

  /// Each detail names its runtime.
  Proof together() {
    if (!refuted.isEmpty()) {
      return new Proof.Refuted(String.join("; ", refuted));
    }
    return inconclusive.isEmpty()
        ? new Proof.Proven()
        : new Proof.Inconclusive(String.join("; ", inconclusive));
  }
}
