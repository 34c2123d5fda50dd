package dev.tidewaiter.target.host.docker;

import dev.tidewaiter.target.Proof;
import dev.tidewaiter.target.host.certsd.ForeignDirectory;
import dev.tidewaiter.target.host.docker.PullProbe.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// The proof that an engine refuses what is not listed and nothing that is.
///
/// It fails only where the engine was seen to do otherwise: one that answers something else, or
/// nothing, shows nothing.
///
/// @param admitted registries that have to be reachable for pulls
/// @param denied registries that we deny by a directory of their own
/// @param foreign what others made that admits more
record EngineProof(
    Collection<String> admitted, Collection<String> denied, List<ForeignDirectory> foreign) {
  /// For all registries together. A refusal comes at once, so one that takes longer is none.
  private static final long SECONDS = 20;

  Proof of(PullProbe probe) throws IOException {
    Answer unlisted = probe.askUnlisted();
    return switch (unlisted) {
      case ASKED ->
          new Proof.Refuted("dockerd pulls from registries that are not on the allow-list");
      case UNKNOWN ->
          new Proof.Inconclusive(
              "dockerd did not say whether it refuses what is not on the allow-list; its log says"
                  + " what stood in the way");
      case DENIED -> ofListed(probe);
    };
  }

  private Proof ofListed(PullProbe probe) throws IOException {
    Map<String, Answer> answers = ask(probe);
    List<String> open = among(denied, answers, Answer.ASKED);
    if (!open.isEmpty()) {
      return new Proof.Refuted("dockerd does not refuse " + String.join(", ", open));
    }
    List<String> lost = among(admitted, answers, Answer.DENIED);
    if (!lost.isEmpty()) {
      return new Proof.Refuted(
          "dockerd refuses " + String.join(", ", lost) + ", which the allow-list has");
    }
    return weakened(among(denied, answers, Answer.UNKNOWN));
  }

  // An admitted registry that cannot be reached now is one that is not refused.
  private Proof weakened(List<String> unsure) {
    var words = new ArrayList<String>();
    if (!unsure.isEmpty()) {
      words.add("dockerd did not say whether it refuses " + String.join(", ", unsure) + ".");
    }
    foreign.forEach(directory -> words.add(directory.toString()));
    return words.isEmpty() ? new Proof.Proven() : new Proof.Inconclusive(String.join(" ", words));
  }

  private static List<String> among(
      Collection<String> registries, Map<String, Answer> answers, Answer answer) {
    return registries.stream().filter(registry -> answers.get(registry) == answer).toList();
  }

  // At the same time, because each that cannot be reached takes long.
  private Map<String, Answer> ask(PullProbe probe) throws IOException {
    var names = new TreeSet<>(admitted);
    names.addAll(denied);
    var order = List.copyOf(names);
    List<Callable<Answer>> questions =
        order.stream().<Callable<Answer>>map(name -> () -> probe.ask(name)).toList();
    var found = new TreeMap<String, Answer>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> answers = threads.invokeAll(questions, SECONDS, TimeUnit.SECONDS);
      for (int i = 0; i < order.size(); i++) {
        found.put(order.get(i), answerOf(answers.get(i)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return found;
  }

  private static Answer answerOf(Future<Answer> answer) throws InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException | CancellationException _) {
      return Answer.UNKNOWN;
    }
  }
}
