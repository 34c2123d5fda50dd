package dev.tidewaiter.desired;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.config.RegistryPolicy;
import dev.tidewaiter.config.RegistryPolicy.Activation;
import dev.tidewaiter.config.RegistryPolicy.Enforcement;
import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.Place;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.policy.LibraryPrefix;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Policies as declarations have them, and as they were compiled.
final class PolicyFixture {
  static final String POLICY = "tidewaiter.prod.production";

  private PolicyFixture() {}

  static RegistryPolicy policy(Enforcement enforcement) {
    return policy(enforcement, null, List.of("docker.io"), List.of("ci"));
  }

  static RegistryPolicy defaulting(List<String> exempt) {
    return policy(Enforcement.DENY, "quay.io/hub", null, exempt);
  }

  static RegistryPolicy policy(
      Enforcement enforcement,
      @Nullable String defaultRegistry,
      @Nullable List<String> allowed,
      List<String> exempt) {
    return new RegistryPolicy(
        "restricted",
        Place.of("restricted.yaml"),
        defaultRegistry,
        LibraryPrefix.DROP,
        allowed,
        enforcement,
        exempt,
        Activation.DEFAULT);
  }

  static PolicyObject deny(Clause clause) {
    return new PolicyObject.AllowBinding(POLICY, clause, PolicyObject.Actions.DENY);
  }

  static Surroundings.Namespace labelled(
      String name, Map<String, String> labels, String project, String... owners) {
    return new Surroundings.Namespace(
        name, labels, project, false, List.of("default"), List.of(owners));
  }

  static Governance governance(Compiled compiled) {
    return requireNonNull(compiled.governance());
  }

  static PolicyObject.Allow allow(Compiled compiled) {
    return (PolicyObject.Allow) requireNonNull(policies(compiled).get("ALLOW_POLICY " + POLICY));
  }

  /// By kind and name, read back from their fields.
  static SortedMap<String, PolicyObject> policies(Compiled compiled) {
    var policies = new TreeMap<String, PolicyObject>();
    for (Resource resource : compiled.resources()) {
      ResourceId id = resource.id();
      if (id.kind().compareTo(ResourceKind.DEFAULT_POLICY) >= 0) {
        assertThat(id.scope()).isEqualTo(ResourceId.CLUSTER_WIDE);
        policies.put(
            id.kind().name() + " " + id.name(), PolicyObject.read(id.kind(), texts(resource)));
      }
    }
    return policies;
  }

  private static SortedMap<String, String> texts(Resource resource) {
    var texts = new TreeMap<String, String>();
    resource
        .fields()
        .forEach(
            (field, value) -> {
              var known = (DesiredField.Known) value;
              texts.put(field, ((FieldValue.Plain) known.value()).text());
            });
    return texts;
  }
}
