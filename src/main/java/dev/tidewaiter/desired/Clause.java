package dev.tidewaiter.desired;

import java.util.List;
import java.util.Map;

/// Which namespaces a binding of a policy covers.
public sealed interface Clause {
  /// @param names sorted
  record Names(List<String> names) implements Clause {}

  record Labels(Map<String, String> labels) implements Clause {}

  /// Rancher projects by the label of their namespaces.
  ///
  /// @param ids without the cluster, as the label has them
  record Projects(List<String> ids) implements Clause {
    /// The label, and the annotation, of a namespace that is in a project.
    public static final String KEY = "field.cattle.io/projectId";
  }

  record All() implements Clause {}

  /// Pods of the proof, in the one namespace where the daemon may make any: those with the label
  /// `tidewaiter.dev/environment` and that of the instance.
  record Proof(String environment) implements Clause {}
}
