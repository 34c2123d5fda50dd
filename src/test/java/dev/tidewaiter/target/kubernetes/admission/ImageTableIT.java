package dev.tidewaiter.target.kubernetes.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.policy.GeneratedImages;
import dev.tidewaiter.policy.ImageCase;
import dev.tidewaiter.policy.ImageCases;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.RuleBooks;
import dev.tidewaiter.testbed.KubeApiServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A real API server gives the answers of `policy`, to the table of cases and to images that were
/// generated: the same verdict, in the same words, on the same image after the default registry.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImageTableIT {
  private static final int AT_ONCE = 8;
  private static final int GENERATED = 25;

  private final PolicyServer server = new PolicyServer(KubeApiServer.shared());
  private final SortedMap<String, String> namespaces = new TreeMap<>();

  /// All rule books are in force at once, each in a namespace of its own.
  @BeforeAll
  void putAllRuleBooksInForce() throws InterruptedException {
    var environments = new Environments(server);
    List<Callable<Map.Entry<String, String>>> jobs = new ArrayList<>();
    RuleBooks.all()
        .forEach((book, regime) -> jobs.add(() -> Map.entry(book, environments.governed(regime))));
    all(jobs).forEach(entry -> namespaces.put(entry.getKey(), entry.getValue()));
  }

  @Test
  void answersToEveryCaseOfTheTableAsTheTableSays() throws InterruptedException {
    List<Callable<String>> judgements = new ArrayList<>();
    for (ImageCase one : ImageCases.all()) {
      if (one.reachesPolicies()) {
        judgements.add(() -> difference(one.book(), one.regime(), one.image()));
      }
    }
    assertThat(judgements).hasSizeGreaterThan(600);
    assertThat(all(judgements)).filteredOn(text -> !text.isEmpty()).isEmpty();
  }

  @Test
  void answersToGeneratedImagesAsJavaDoes() throws InterruptedException {
    List<Callable<String>> judgements = new ArrayList<>();
    RuleBooks.all()
        .forEach(
            (book, regime) ->
                GeneratedImages.forServers(book.hashCode(), GENERATED)
                    .forEach(image -> judgements.add(() -> difference(book, regime, image))));
    assertThat(judgements).hasSizeGreaterThan(300);
    assertThat(all(judgements)).filteredOn(text -> !text.isEmpty()).isEmpty();
  }

  /// What the server does otherwise than Java; empty if nothing.
  private String difference(String book, Regime regime, String image) {
    Answer answer = server.dryRun(namespaces.getOrDefault(book, ""), Pods.running(image));
    String expected = expected(regime, image);
    String actual =
        answer.isTaken()
            ? "admitted " + answer.images("containers").getFirst()
            : "denied " + answer.message().replaceFirst("^.* denied request: ", "");
    return expected.equals(actual)
        ? ""
        : "%s %s: %s expected, was %s".formatted(book, image, expected, actual);
  }

  private static String expected(Regime regime, String image) {
    var verdict = regime.judge(image);
    String pulled = regime.admitted(image);
    return verdict.isAllowed()
        ? "admitted " + pulled
        : "denied container c0: " + regime.rules().explain(pulled, verdict);
  }

  private static <T> List<T> all(List<Callable<T>> jobs) throws InterruptedException {
    try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
      return threads.invokeAll(jobs).stream().flatMap(ImageTableIT::result).toList();
    }
  }

  private static <T> Stream<T> result(Future<T> job) {
    try {
      return Stream.of(job.get());
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
