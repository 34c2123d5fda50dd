package dev.tidewaiter.target.host.containerd;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/// Asks containerd to pull what does not exist, as the kubelet would, and looks at why it does not
/// come.
///
/// @param names gives a word that nobody can have used in the name of an image
record PullProbe(Supplier<String> names) {
  /// A refusal took a hundredth of a second on 1.6 and 2.2; what takes longer asks somebody.
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /// How many registries are asked at once.
  private static final int AT_ONCE = 8;

  /// Whether something unlisted is refused, without any server being asked. A name below `.invalid`
  /// is nowhere: [RFC 6761](https://www.rfc-editor.org/rfc/rfc6761#section-6.4).
  ///
  /// @return why not, one sentence
  Optional<String> refutation(Containerd.Images images) throws IOException {
    Optional<Containerd.Refusal> refusal =
        images.pull("probe-" + names.get() + ".invalid/probe:1", LIMIT);
    return refusal.isPresent() && refusal.get().isDenial()
        ? Optional.empty()
        : Optional.of(
            "containerd asked for an image from a registry that is not listed, so it does not look"
                + " here. Restart it if its config_path was changed.");
  }

  /// Which of these registries it refuses without asking them. One that cannot be reached is none.
  List<String> refused(Containerd.Images images, List<String> registries) throws IOException {
    try (ExecutorService threads =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      List<Callable<Optional<String>>> pulls =
          registries.stream()
              .map(registry -> (Callable<Optional<String>>) () -> refused(images, registry))
              .toList();
      var refused = new ArrayList<String>();
      for (Future<Optional<String>> pull : threads.invokeAll(pulls)) {
        pull.get().ifPresent(refused::add);
      }
      return refused;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IOException("a pull failed without an answer", e);
    }
  }

  private Optional<String> refused(Containerd.Images images, String registry) {
    try {
      return images
          .pull(registry + "/tidewaiter-proof-" + names.get() + "/none:1", LIMIT)
          .filter(Containerd.Refusal::isDenial)
          .map(_ -> registry);
    } catch (IOException _) {
      // No answer in time: whatever it does, it asks.
      return Optional.empty();
    }
  }
}
