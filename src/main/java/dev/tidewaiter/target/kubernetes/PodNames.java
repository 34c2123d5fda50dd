package dev.tidewaiter.target.kubernetes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/// Asks which pull Secrets the pods of namespaces name.
///
/// What fails in one namespace concerns that one alone. All of them together have as long as a
/// single request, because a cycle applies nothing before it knows.
final class PodNames {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /// Pages of pods that are read at a time, and pods in each: together they bound the memory.
  private static final int LISTS = 4;

  private static final int PAGE = 250;

  private final Api api;
  private final String target;
  private final Duration patience;

  /// @param target its name, for messages
  PodNames(Api api, String target) {
    this(api, target, PATIENCE);
  }

  PodNames(Api api, String target, Duration patience) {
    this.api = api;
    this.target = target;
    this.patience = patience;
  }

  /// What became of the question.
  ///
  /// @param named names of pull Secrets by namespace
  /// @param failed why a namespace gave no answer, for people
  record Answers(Map<String, Set<String>> named, Map<String, String> failed) {}

  /// A namespace that is in neither map was not asked, for want of time.
  Answers in(Set<String> namespaces) {
    var answers = new Answers(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
    long end = System.nanoTime() + patience.toNanos();
    var permits = new Semaphore(LISTS);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String namespace : inAnyOrder(namespaces)) {
        if (!permits.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          break;
        }
        threads.execute(
            () -> {
              try {
                ask(namespace, answers);
              } finally {
                permits.release();
              }
            });
      }
      threads.shutdown();
      if (!threads.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return answers;
  }

  /// Another each time, so that none is for ever behind others that give no answer.
  private static List<String> inAnyOrder(Set<String> namespaces) {
    var order = new ArrayList<>(namespaces);
    Collections.shuffle(order);
    return order;
  }

  private void ask(String namespace, Answers answers) {
    try {
      answers.named.put(namespace, list(namespace));
    } catch (ApiException e) {
      answers.failed.put(namespace, String.valueOf(e.at(target).getMessage()));
    }
  }

  /// A pod that is over pulls no more.
  private Set<String> list(String namespace) throws ApiException {
    var names = new TreeSet<String>();
    String next = "";
    do {
      String path =
          "api/v1/namespaces/%s/pods?limit=%d&continue=%s"
              .formatted(Call.encode(namespace), PAGE, Call.encode(next));
      JsonNode page = api.read(path, "list pods in namespace " + namespace);
      for (JsonNode pod : page.path("items")) {
        String phase = Json.string(pod.path("status"), "phase");
        if (!phase.equals("Succeeded") && !phase.equals("Failed")) {
          pod.path("spec")
              .path("imagePullSecrets")
              .forEach(entry -> names.add(Json.string(entry, "name")));
        }
      }
      next = Json.string(page.path("metadata"), "continue");
    } while (!next.isEmpty());
    return names;
  }
}
