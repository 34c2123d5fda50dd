package dev.tidewaiter.target.host.containers;

import java.io.IOException;
import java.util.List;

/// Port: the images without which the machine itself would not work, such as the pause image of
/// CRI-O.
interface NeededImages {
  /// For a machine of which none are known.
  NeededImages NONE = List::of;

  /// Their names without tag and digest: `registry.k8s.io/pause`.
  ///
  /// @throws IOException if that cannot be told: then nothing is denied
  List<String> repositories() throws IOException;
}
