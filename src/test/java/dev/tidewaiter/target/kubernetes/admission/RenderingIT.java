package dev.tidewaiter.target.kubernetes.admission;

import static dev.tidewaiter.target.kubernetes.admission.Environments.keeping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Clause;
import dev.tidewaiter.desired.Exemption;
import dev.tidewaiter.desired.PolicyObject;
import dev.tidewaiter.desired.PolicyObject.Actions;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.policy.RepositoryPrefix;
import dev.tidewaiter.policy.RuleBook;
import dev.tidewaiter.testbed.KubeApiServer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is live on a real API server is recognised as what was rendered, and what somebody changed
/// is not.
class RenderingIT {
  private static final Exemption EXEMPTION =
      new Exemption(List.of("kube-*", "tidewaiter-system"), List.of("shop-*"));
  private static final PolicyObject.Allow ALLOW =
      new PolicyObject.Allow(
          new RuleBook(
              "production",
              "restricted",
              List.of(RepositoryPrefix.parse("registry.acme.example")),
              new TreeMap<>(Map.of(new RegistryAddress("quay.io"), "quay"))),
          EXEMPTION,
          keeping("registry.acme.example/hub"));
  private static final PolicyObject.Default STANDARD =
      new PolicyObject.Default(
          "production", keeping("registry.acme.example/hub"), List.of("first"), EXEMPTION);

  private final PolicyServer server = new PolicyServer(KubeApiServer.shared());

  @Test
  void recognisesEveryKindAsTheServerKeepsIt() {
    var clauses =
        List.of(
            new Clause.Names(List.of("shop")),
            new Clause.Labels(Map.of("team", "payments", "stage", "live")),
            new Clause.Projects(List.of("p-1", "p-2")),
            new Clause.All(),
            new Clause.Proof("production"));
    for (Clause clause : clauses) {
      for (Actions actions : Actions.values()) {
        assertKept(new PolicyObject.AllowBinding("tidewaiter.absent", clause, actions));
      }
      assertKept(new PolicyObject.DefaultBinding("tidewaiter.absent", clause));
    }
    assertKept(ALLOW);
    assertKept(STANDARD);
    assertKept(new PolicyObject.Default("production", null, List.of("first"), EXEMPTION));
  }

  private void assertKept(PolicyObject object) {
    String name = KubeApiServer.uniqueName("tidewaiter.kept");
    server.create(name, object);
    JsonNode live = server.liveSpec(name, object);

    assertThat(Rendering.sameAs(Rendering.spec(object), live)).as(() -> live.toString()).isTrue();
  }

  @Test
  void tellsWhatSomebodyEdited() {
    assertEdited(ALLOW, spec -> spec.put("failurePolicy", "Ignore"));
    assertEdited(ALLOW, spec -> spec.withArray("variables").remove(0));
    assertEdited(ALLOW, spec -> spec.withArray("matchConditions").addObject().put("name", "x"));
    assertEdited(
        ALLOW,
        spec -> spec.withObject("/matchConstraints/objectSelector/matchLabels").put("a", "b"));
    assertEdited(
        ALLOW,
        spec ->
            spec.withObject("matchConstraints")
                .withArray("excludeResourceRules")
                .addObject()
                .put("scope", "*"));
    assertEdited(
        ALLOW,
        spec ->
            ((ObjectNode) spec.path("matchConstraints").path("resourceRules").get(0))
                .withArray("resourceNames")
                .add("one"));
    assertEdited(ALLOW, spec -> spec.withObject("paramKind").put("kind", "ConfigMap"));
    assertEdited(STANDARD, spec -> spec.put("reinvocationPolicy", "Never"));
    assertEdited(STANDARD, spec -> spec.withArray("mutations").remove(1));
    var binding =
        new PolicyObject.AllowBinding("tidewaiter.absent", new Clause.All(), Actions.DENY);
    assertEdited(binding, spec -> spec.putArray("validationActions").add("Audit"));
    assertEdited(
        binding,
        spec -> spec.withObject("/matchResources/objectSelector/matchLabels").put("a", "b"));
  }

  private static void assertEdited(PolicyObject object, Consumer<ObjectNode> edit) {
    ObjectNode live = Rendering.spec(object);
    edit.accept(live);
    assertThat(Rendering.sameAs(Rendering.spec(object), live)).as(() -> live.toString()).isFalse();
  }

  @Test
  void doesNotCountWhatALaterServerFillsIn() {
    ObjectNode live = Rendering.spec(ALLOW);
    live.put("newScalar", "Default").putObject("newSelector");
    live.withObject("matchConstraints").putArray("newList");

    assertThat(Rendering.sameAs(Rendering.spec(ALLOW), live)).isTrue();
  }
}
