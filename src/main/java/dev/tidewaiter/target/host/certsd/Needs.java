package dev.tidewaiter.target.host.certsd;

import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/// What the machine cannot be without, against what is about to be refused.
record Needs(Denials denials) {
  /// @param file that would refuse
  /// @param refused registries, as images name them
  /// @throws HostFileException of reason `Unsafe`, with the list
  void require(HostPath file, Predicate<String> refused) throws IOException {
    List<String> lost =
        denials.needed().stream()
            .filter(image -> refused.test(image.host()))
            .map(ImageReference::toString)
            .distinct()
            .sorted()
            .toList();
    if (!lost.isEmpty()) {
      throw HostFileException.unsafe(
          file
              + ": the machine itself needs what this would deny: "
              + String.join(", ", lost)
              + ". Put their registries on the allow-list.");
    }
  }
}
