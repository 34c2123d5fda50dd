package dev.tidewaiter.desired;

import java.util.List;
import java.util.stream.Stream;

/// Namespaces that a policy leaves alone whatever its bindings select. Patterns have `*` for any
/// characters.
///
/// @param exempt patterns: the system's, the daemon's own, `exclude`, `exemptNamespaces`, denied by
///   the daemon's configuration; sorted
/// @param only patterns of which a namespace must match one; empty for no limit; sorted
public record Exemption(List<String> exempt, List<String> only) {
  public Exemption {
    exempt = exempt.stream().distinct().sorted().toList();
    only = only.stream().distinct().sorted().toList();
  }

  /// With further names.
  Exemption with(List<String> names) {
    return new Exemption(Stream.concat(exempt.stream(), names.stream()).toList(), only);
  }

  /// Whether the policy leaves a namespace alone. Never that of the proof, whatever the patterns
  /// say: what is shown there must hold.
  public boolean covers(String namespace) {
    if (namespace.equals(PolicyNames.PROOF_NAMESPACE)) {
      return false;
    }
    return matchesAny(exempt, namespace) || (!only.isEmpty() && !matchesAny(only, namespace));
  }

  private static boolean matchesAny(List<String> patterns, String namespace) {
    return patterns.stream().anyMatch(pattern -> matches(pattern, namespace));
  }

  private static boolean matches(String pattern, String namespace) {
    return pattern.equals(namespace)
        || (pattern.contains("*")
            && NamespaceSelection.pattern(pattern).matcher(namespace).matches());
  }
}
