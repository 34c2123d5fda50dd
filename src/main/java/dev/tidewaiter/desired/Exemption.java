package dev.tidewaiter.desired;

import java.util.List;

/// Namespaces that a policy leaves alone whatever its bindings select. Patterns have `*` for any
/// characters.
///
/// @param exempt patterns: the system's, the daemon's own, `exclude`, `exemptNamespaces`, denied by
///   the daemon's configuration, contested ones; sorted
/// @param only patterns of which a namespace must match one; empty for no limit
public record Exemption(List<String> exempt, List<String> only) {}
