package dev.tidewaiter.intake.existing;

import dev.tidewaiter.secrets.SecretWriter;
import dev.tidewaiter.secrets.SecretWriter.Written;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A proposal's secrets, written to a store one after the other.
final class VaultWrites {
  private VaultWrites() {}

  /// What came of each, by registry. The first failure ends it: the next would meet the same.
  static Map<String, Written> carryOut(Proposal proposal, SecretWriter vault) {
    var written = new LinkedHashMap<String, Written>();
    for (Proposal.Registry registry : proposal.registries()) {
      if (!registry.secrets().isEmpty()) {
        Written outcome = vault.write(registry.path(), registry.secrets());
        written.put(registry.name(), outcome);
        if (outcome instanceof Written.Failed) {
          break;
        }
      }
    }
    return written;
  }

  static List<String> failures(Map<String, Written> written) {
    var failures = new ArrayList<String>();
    for (Written outcome : written.values()) {
      if (outcome instanceof Written.Failed(String reason)) {
        failures.add(reason);
      }
    }
    return failures;
  }
}
