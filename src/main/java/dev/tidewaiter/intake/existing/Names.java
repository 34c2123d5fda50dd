package dev.tidewaiter.intake.existing;

import dev.tidewaiter.model.RegistryAddress;
import java.util.HashSet;
import java.util.Set;

/// Names for declarations: RFC 1123 labels of at most 63 characters, each given once.
final class Names {
  private static final int LONGEST = 63;

  private final Set<String> given = new HashSet<>();

  /// The address with `-` for what a label cannot have; Docker Hub as people call it.
  String of(RegistryAddress address) {
    return of(address.isDockerHub() ? "docker-hub" : address.text());
  }

  /// @param wanted cut and changed as far as a label needs it
  String of(String wanted) {
    String label = label(wanted, LONGEST);
    for (int number = 2; !given.add(label); number++) {
      String suffix = "-" + number;
      label = label(wanted, LONGEST - suffix.length()) + suffix;
    }
    return label;
  }

  private static String label(String wanted, int longest) {
    String label = wanted.replaceAll("[^a-z0-9]+", "-");
    return label.substring(0, Math.min(label.length(), longest)).replaceAll("^-+|-+$", "");
  }
}
