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
import java.util.stream.Stream;

/// Asks containerd to pull what does not exist, as the kubelet would, and looks at why it does not
/// come.
///
/// @param names gives a word that nobody can have used in the name of an image
record PullProbe(Supplier<String> names) {
  /// A refusal took a hundredth of a second on 1.6 and 2.2; what takes longer asks somebody.
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /// How many registries are asked at once.
  private static final int AT_ONCE = 8;

  /// What became of the pull of something unlisted.
  sealed interface Finding {
    /// It was refused without any server being asked.
    record Denied() implements Finding {}

    /// Somebody was asked for it.
    ///
    /// @param reason one sentence
    record Asked(String reason) implements Finding {}

    /// Neither is shown: containerd may have been starting, or busy.
    ///
    /// @param reason one sentence, with what to do
    record Unclear(String reason) implements Finding {}
  }

  /// Whether something unlisted is refused. A name below `.invalid` is nowhere: [RFC
  /// 6761](https://www.rfc-editor.org/rfc/rfc6761#section-6.4).
  Finding unlisted(Containerd.Images images) {
    String host = "probe-" + names.get() + ".invalid";
    String image = host + "/probe:1";
    try {
      Optional<Containerd.Refusal> refusal = images.pull(image, LIMIT);
      if (refusal.isPresent() && refusal.get().isDenial()) {
        return new Finding.Denied();
      }
      if (refusal.isEmpty() || asks(refusal.get().message(), host, image)) {
        return new Finding.Asked(
            "containerd asked for an image from a registry that is not listed, so it does not look"
                + " here. Restart it if its config_path was changed.");
      }
      return unclear("answered with gRPC status " + refusal.get().code());
    } catch (IOException _) {
      return unclear("did not answer in time");
    }
  }

  private static Finding unclear(String what) {
    return new Finding.Unclear(
        LocalContainerd.SOCKET
            + ": containerd "
            + what
            + " to a pull that must be denied, which shows nothing. It is asked again; if this"
            + " stays, its log says more.");
  }

  // A URL, a look-up of the name, what a mirror is asked for, and what becomes of the answer 404. A
  // quoted name of the image alone is in every failure.
  // Source: `Resolve` and `do` in containerd `core/remotes/docker/resolver.go`.
  private static boolean asks(String message, String host, String image) {
    return Stream.of("://" + host, "lookup " + host, "ns=" + host, image + ": not found")
        .anyMatch(message::contains);
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
