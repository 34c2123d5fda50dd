package dev.tidewaiter.target.host;

import dev.tidewaiter.target.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The proofs of a host's runtimes, as one: it fails if one fails, and is inconclusive if one is.
final class Proofs {
  private final List<String> refuted = new ArrayList<>();
  private final Set<String> failing = new TreeSet<>();
  private final List<String> inconclusive = new ArrayList<>();

  void add(String runtime, Proof proof) {
    switch (proof) {
      case Proof.Proven() -> {}
      case Proof.Inconclusive(String detail) -> inconclusive.add(runtime + ": " + detail);
      case Proof.Refuted(String detail, _) -> {
        refuted.add(runtime + ": " + detail);
        failing.add(runtime);
      }
    }
  }

  /// Each detail names its runtime, and a refutation those that failed: what others deny may stand.
  Proof together() {
    if (!refuted.isEmpty()) {
      return new Proof.Refuted(String.join("; ", refuted), failing);
    }
    return inconclusive.isEmpty()
        ? new Proof.Proven()
        : new Proof.Inconclusive(String.join("; ", inconclusive));
  }
}
