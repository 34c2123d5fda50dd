package dev.tidewaiter.target.host.docker;

import dev.tidewaiter.target.Proof;
import dev.tidewaiter.target.host.certsd.ForeignDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// The proof that an engine refuses what is not listed and nothing that is.
///
/// @param admitted registries that have to be reachable for pulls
/// @param denied registries that we deny by a directory of their own
/// @param foreign what others made that admits more
record EngineProof(
    Collection<String> admitted, Collection<String> denied, List<ForeignDirectory> foreign) {
  /// For all registries together. A refusal comes at once, so one that takes longer is none.
  private static final long SECONDS = 20;

  Proof of(PullProbe probe) throws IOException {
    if (!probe.isUnlistedDenied()) {
      return new Proof.Refuted("dockerd pulls from registries that are not on the allow-list");
    }
    List<String> open = new ArrayList<>(denied);
    open.removeAll(refused(probe, denied));
    if (!open.isEmpty()) {
      return new Proof.Refuted("dockerd does not refuse " + String.join(", ", open));
    }
    List<String> lost = refused(probe, admitted);
    if (!lost.isEmpty()) {
      return new Proof.Refuted(
          "dockerd refuses " + String.join(", ", lost) + ", which the allow-list has");
    }
    return foreign.isEmpty()
        ? new Proof.Proven()
        : new Proof.Inconclusive(
            String.join(" ", foreign.stream().map(ForeignDirectory::toString).toList()));
  }

  // At the same time, because each that cannot be reached takes long.
  private static List<String> refused(PullProbe probe, Collection<String> registries)
      throws IOException {
    var names = List.copyOf(registries);
    List<Callable<Boolean>> questions =
        names.stream().<Callable<Boolean>>map(name -> () -> probe.isDenied(name)).toList();
    var refused = new ArrayList<String>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> answers = threads.invokeAll(questions, SECONDS, TimeUnit.SECONDS);
      for (int i = 0; i < names.size(); i++) {
        if (isTrue(answers.get(i))) {
          refused.add(names.get(i));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return refused;
  }

  // What the engine did not answer in time is no refusal.
  private static boolean isTrue(Future<Boolean> answer) throws InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException | CancellationException _) {
      return false;
    }
  }
}
