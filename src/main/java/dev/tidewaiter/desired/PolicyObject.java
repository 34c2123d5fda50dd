package dev.tidewaiter.desired;

import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.policy.DefaultRegistry;
import dev.tidewaiter.policy.RuleBook;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// A policy or binding of a cluster, by its meaning. A target renders it in the API's own terms.
///
/// The fields of the resource hold all of it, as plain text, so that a plan shows what changes and
/// a target needs nothing else:
///
/// | kind | field | value |
/// |---|---|---|
/// | ALLOW_POLICY | `allow/<prefix>` | `present` |
/// | | `inactive/<address>` | name of the registry |
/// | | `limited` | `true` if there is an allow-list |
/// | | `policy`, `environment` | names of the declarations |
/// | | `hint` | default registry that cannot be applied here, as `<prefix> Keep` |
/// | DEFAULT_POLICY | `default` | `<prefix> Keep` or `<prefix> Drop` |
/// | | `secret/<name>` | `present` |
/// | | `environment` | name |
/// | both | `exempt/<pattern>`, `only/<pattern>` | `present` |
/// | both bindings | `policy` | name of the policy object |
/// | | `namespaces` | `names a b`, `labels k=v,l=w`, `projects p-1 p-2`, `all`, or `proof <environment>` |
/// | ALLOW_BINDING | `actions` | `Deny Audit`, `Warn Audit` or `Audit` |
public sealed interface PolicyObject {
  /// The further field that a target reports of an object that somebody edited, or that another
  /// version rendered: never desired, so that it is corrected.
  String EDITED = "spec";

  /// @param hint what images without a host should be written as, where no default registry can be
  ///   applied at admission; null for none
  record Allow(RuleBook rules, Exemption exemption, @Nullable DefaultRegistry hint)
      implements PolicyObject {}

  /// @param registry null for none
  /// @param pullSecrets names of those added to new pods
  record Default(
      String environment,
      @Nullable DefaultRegistry registry,
      List<String> pullSecrets,
      Exemption exemption)
      implements PolicyObject {}

  record AllowBinding(String policy, Clause clause, Actions actions) implements PolicyObject {}

  record DefaultBinding(String policy, Clause clause) implements PolicyObject {}

  /// What happens to a pod with an image that is not admitted.
  enum Actions {
    /// It is refused, and recorded in the API server's audit log.
    DENY,
    /// Whoever makes it is told, and it is recorded.
    WARN,
    /// It is recorded.
    AUDIT
  }

  /// The fields as the table has them.
  default SortedMap<String, String> fields() {
    return PolicyFields.of(this);
  }

  /// The object that fields stand for.
  ///
  /// @throws IllegalArgumentException if they stand for none
  static PolicyObject read(ResourceKind kind, SortedMap<String, String> fields) {
    return PolicyFieldsReader.read(kind, fields);
  }
}
