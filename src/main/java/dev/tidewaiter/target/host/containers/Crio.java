package dev.tidewaiter.target.host.containers;

import java.io.IOException;
import java.util.Optional;

/// Port: the CRI-O of a host.
interface Crio {
  /// For a host on which it is not asked.
  Crio NONE =
      new Crio() {
        @Override
        public boolean reload() {
          return true;
        }

        @Override
        public Optional<String> process() {
          return Optional.empty();
        }
      };

  /// Has it read the registries again, if it runs.
  ///
  /// @return false if it did not take them up
  boolean reload() throws IOException;

  /// Its process and since when it runs; empty if it does not.
  Optional<String> process() throws IOException;
}
