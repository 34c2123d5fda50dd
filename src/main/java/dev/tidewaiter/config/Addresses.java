package dev.tidewaiter.config;

import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.RegistryAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A list of addresses of registries.
final class Addresses {
  private Addresses() {}

  /// @param problems receives what the schema could not see, such as a port beyond 65535
  static List<RegistryAddress> in(Fields fields, String name, List<Problem> problems) {
    List<RegistryAddress> addresses = new ArrayList<>();
    for (Fields entry : fields.each(name)) {
      Optional<String> mistake = RegistryAddress.mistakeIn(entry.self());
      mistake.ifPresent(
          hint -> problems.add(entry.problem("", "does not have the right form", hint)));
      if (mistake.isEmpty()) {
        addresses.add(new RegistryAddress(entry.self()));
      }
    }
    return List.copyOf(addresses);
  }
}
