package dev.tidewaiter.target.host.certsd;

import dev.tidewaiter.model.ImageReference;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Port: what only the runtime knows of a denial.
public interface Denials {
  /// Where there is nobody to ask: a host under another root.
  Denials UNASKED =
      new Denials() {
        @Override
        public List<ImageReference> needed() {
          return List.of();
        }

        @Override
        public Optional<String> refutation() {
          return Optional.empty();
        }
      };

  /// Images that the machine itself cannot be without: the pause image, those of the system's own
  /// pods, that of our own container. A denial that refuses one is not written.
  ///
  /// @throws IOException if that cannot be told: then nothing is written
  List<ImageReference> needed() throws IOException;

  /// Asked directly after a denial was written.
  ///
  /// @return why it is not in force, one sentence; then the bytes from before come back. Empty if
  ///   it is, or if nothing runs that could be asked
  /// @throws IOException if that was not shown: then they come back too, and it is tried again
  Optional<String> refutation() throws IOException;
}
