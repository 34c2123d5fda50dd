package dev.tidewaiter.desired;

import dev.tidewaiter.desired.PolicyObject.Allow;
import dev.tidewaiter.desired.PolicyObject.AllowBinding;
import dev.tidewaiter.desired.PolicyObject.Default;
import dev.tidewaiter.desired.PolicyObject.DefaultBinding;
import dev.tidewaiter.policy.DefaultRegistry;
import dev.tidewaiter.policy.LibraryPrefix;
import dev.tidewaiter.policy.RepositoryPrefix;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The fields of policies and bindings as they are written; [PolicyFieldsReader] reads them back.
public final class PolicyFields {
  static final String ALLOW = "allow/";
  static final String INACTIVE = "inactive/";
  static final String EXEMPT = "exempt/";
  static final String ONLY = "only/";

  /// What the field of a default policy begins with that adds a pull Secret to new pods.
  public static final String SECRET = "secret/";

  static final String LIMITED = "limited";
  static final String POLICY = "policy";
  static final String ENVIRONMENT = "environment";
  static final String HINT = "hint";
  static final String DEFAULT = "default";
  static final String NAMESPACES = "namespaces";
  static final String ACTIONS = "actions";
  static final String PRESENT = "present";
  static final String TRUE = "true";

  private final SortedMap<String, String> fields = new TreeMap<>();

  private PolicyFields() {}

  static SortedMap<String, String> of(PolicyObject object) {
    var written = new PolicyFields();
    switch (object) {
      case Allow allow -> written.addAllow(allow);
      case Default policy -> written.addDefault(policy);
      case AllowBinding(String policy, Clause clause, var actions) -> {
        written.addBinding(policy, clause);
        written.fields.put(ACTIONS, text(actions));
      }
      case DefaultBinding(String policy, Clause clause) -> written.addBinding(policy, clause);
    }
    return written.fields;
  }

  private void addAllow(Allow allow) {
    fields.put(ENVIRONMENT, allow.rules().environment());
    if (!allow.rules().policy().isEmpty()) {
      fields.put(POLICY, allow.rules().policy());
    }
    List<RepositoryPrefix> allowed = allow.rules().allowed();
    if (allowed != null) {
      fields.put(LIMITED, TRUE);
      allowed.forEach(prefix -> fields.put(ALLOW + prefix, PRESENT));
    }
    allow
        .rules()
        .inactive()
        .forEach((address, registry) -> fields.put(INACTIVE + address, registry));
    DefaultRegistry hint = allow.hint();
    if (hint != null) {
      fields.put(HINT, text(hint));
    }
    addExemption(allow.exemption());
  }

  private void addDefault(Default policy) {
    fields.put(ENVIRONMENT, policy.environment());
    DefaultRegistry registry = policy.registry();
    if (registry != null) {
      fields.put(DEFAULT, text(registry));
    }
    mark(SECRET, policy.pullSecrets());
    addExemption(policy.exemption());
  }

  private void addExemption(Exemption exemption) {
    mark(EXEMPT, exemption.exempt());
    mark(ONLY, exemption.only());
  }

  private void addBinding(String policy, Clause clause) {
    fields.put(POLICY, policy);
    fields.put(NAMESPACES, ClauseText.of(clause));
  }

  private void mark(String prefix, Collection<String> names) {
    names.forEach(name -> fields.put(prefix + name, PRESENT));
  }

  private static String text(DefaultRegistry registry) {
    return registry.prefix() + " " + word(registry.library());
  }

  static String word(LibraryPrefix library) {
    return switch (library) {
      case KEEP -> "Keep";
      case DROP -> "Drop";
    };
  }

  static String text(PolicyObject.Actions actions) {
    return switch (actions) {
      case DENY -> "Deny Audit";
      case WARN -> "Warn Audit";
      case AUDIT -> "Audit";
    };
  }
}
