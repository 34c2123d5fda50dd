package dev.tidewaiter.desired;

import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.policy.DefaultRegistry;
import dev.tidewaiter.policy.LibraryPrefix;
import dev.tidewaiter.policy.RepositoryPrefix;
import dev.tidewaiter.policy.RuleBook;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads back what [PolicyFields] wrote. Strict: a field that it does not know stands for no
/// object, since what is left out could be a rule.
final class PolicyFieldsReader {
  private final SortedMap<String, String> left;

  private PolicyFieldsReader(SortedMap<String, String> fields) {
    this.left = new TreeMap<>(fields);
  }

  /// @throws IllegalArgumentException if the fields stand for no object of this kind
  static PolicyObject read(ResourceKind kind, SortedMap<String, String> fields) {
    var reader = new PolicyFieldsReader(fields);
    PolicyObject object =
        switch (kind) {
          case ALLOW_POLICY -> reader.allow();
          case DEFAULT_POLICY -> reader.defaults();
          case ALLOW_BINDING ->
              new PolicyObject.AllowBinding(
                  reader.take(PolicyFields.POLICY), reader.clause(), reader.actions());
          case DEFAULT_BINDING ->
              new PolicyObject.DefaultBinding(reader.take(PolicyFields.POLICY), reader.clause());
          case PULL_SECRET,
              SERVICE_ACCOUNT,
              RUNTIME_SETTINGS,
              CERTIFICATE_FILE,
              TRUSTED_CERTIFICATE,
              INSECURE_REGISTRIES,
              REGISTRY_MIRRORS,
              USER_CREDENTIALS,
              NODE_CREDENTIALS,
              REGISTRY_HOST,
              REGISTRIES_DROP_IN,
              DENIAL,
              SIGNATURE_POLICY ->
              throw new IllegalArgumentException("not a kind of policy: " + kind);
        };
    if (!reader.left.isEmpty()) {
      throw new IllegalArgumentException("fields that " + kind + " has not: " + reader.left);
    }
    return object;
  }

  private PolicyObject allow() {
    String environment = take(PolicyFields.ENVIRONMENT);
    String policy = left.remove(PolicyFields.POLICY);
    boolean limited = PolicyFields.TRUE.equals(left.remove(PolicyFields.LIMITED));
    List<RepositoryPrefix> allowed =
        marked(PolicyFields.ALLOW).stream().map(RepositoryPrefix::parse).toList();
    if (limited == allowed.isEmpty()) {
      throw new IllegalArgumentException("an allow-list has entries, and only it has");
    }
    var inactive = new TreeMap<RegistryAddress, String>();
    takeAll(PolicyFields.INACTIVE)
        .forEach((address, name) -> inactive.put(new RegistryAddress(address), name));
    var rules =
        new RuleBook(environment, policy == null ? "" : policy, limited ? allowed : null, inactive);
    return new PolicyObject.Allow(rules, exemption(), registry(PolicyFields.HINT));
  }

  private PolicyObject defaults() {
    return new PolicyObject.Default(
        take(PolicyFields.ENVIRONMENT),
        registry(PolicyFields.DEFAULT),
        marked(PolicyFields.SECRET),
        exemption());
  }

  private Exemption exemption() {
    return new Exemption(marked(PolicyFields.EXEMPT), marked(PolicyFields.ONLY));
  }

  private Clause clause() {
    return ClauseText.read(take(PolicyFields.NAMESPACES));
  }

  private PolicyObject.Actions actions() {
    String text = take(PolicyFields.ACTIONS);
    for (PolicyObject.Actions actions : PolicyObject.Actions.values()) {
      if (PolicyFields.text(actions).equals(text)) {
        return actions;
      }
    }
    throw new IllegalArgumentException("no such actions: " + text);
  }

  private @Nullable DefaultRegistry registry(String field) {
    String text = left.remove(field);
    if (text == null) {
      return null;
    }
    int space = text.indexOf(' ');
    String word = text.substring(space + 1);
    for (LibraryPrefix library : LibraryPrefix.values()) {
      if (space > 0 && PolicyFields.word(library).equals(word)) {
        return new DefaultRegistry(RepositoryPrefix.parse(text.substring(0, space)), library);
      }
    }
    throw new IllegalArgumentException("not a default registry: " + text);
  }

  private String take(String field) {
    String value = left.remove(field);
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException("the field is missing: " + field);
    }
    return value;
  }

  private List<String> marked(String prefix) {
    SortedMap<String, String> taken = takeAll(prefix);
    if (!taken.values().stream().allMatch(PolicyFields.PRESENT::equals)) {
      throw new IllegalArgumentException("has a value, where none is meant: " + taken);
    }
    return List.copyOf(taken.keySet());
  }

  /// Takes the fields with a prefix, and returns them without it.
  private SortedMap<String, String> takeAll(String prefix) {
    var taken = new TreeMap<String, String>();
    for (String field : new ArrayList<>(left.keySet())) {
      if (field.startsWith(prefix)) {
        taken.put(field.substring(prefix.length()), left.remove(field));
      }
    }
    return taken;
  }
}
