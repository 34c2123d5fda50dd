package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.desired.Clause;
import dev.tidewaiter.desired.Exemption;
import dev.tidewaiter.desired.PolicyNames;
import dev.tidewaiter.desired.PolicyObject;
import dev.tidewaiter.desired.PolicyObject.Actions;
import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.Plan;
import dev.tidewaiter.plan.Planner;
import dev.tidewaiter.plan.Restraint;
import dev.tidewaiter.policy.DefaultRegistry;
import dev.tidewaiter.policy.LibraryPrefix;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.RepositoryPrefix;
import dev.tidewaiter.policy.RuleBook;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Proof;
import dev.tidewaiter.target.TargetEvent;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.testbed.KubeApiServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One instance on a cluster, with the rights of the shipped manifest, that has policies for one
/// environment. When it ends, its policies are gone.
final class PolicyDaemon implements AutoCloseable {
  private final KubeApiServer server;
  private final String instance;
  private final String environment;
  private final Daemon daemon;

  PolicyDaemon(KubeApiServer server, String environment) {
    this.server = server;
    this.instance = KubeApiServer.uniqueName("instance");
    this.environment = environment;
    this.daemon = Daemon.open(server, instance);
  }

  KubernetesTarget target() {
    return daemon.target();
  }

  List<TargetEvent> events() {
    return daemon.events();
  }

  void pass(Duration time) {
    daemon.pass(time);
  }

  String instance() {
    return instance;
  }

  /// Of the policies that are in force.
  String policy() {
    return PolicyNames.policy(instance, environment);
  }

  ResourceId id(ResourceKind kind, String suffix) {
    return new ResourceId(kind, ResourceId.CLUSTER_WIDE, policy() + suffix);
  }

  RuleBook limited(String... allowed) {
    List<RepositoryPrefix> list = Stream.of(allowed).map(RepositoryPrefix::parse).toList();
    return new RuleBook(environment, "restricted", list, new TreeMap<>());
  }

  RuleBook retired(String address) {
    var inactive = new TreeMap<>(Map.of(new RegistryAddress(address), "old"));
    return new RuleBook(environment, "", null, inactive);
  }

  static Regime regime(RuleBook rules, @Nullable String prefix) {
    DefaultRegistry registry =
        prefix == null
            ? null
            : new DefaultRegistry(RepositoryPrefix.parse(prefix), LibraryPrefix.KEEP);
    return new Regime(rules, registry, Set.of());
  }

  /// An allow policy that is bound to a namespace and to the proof.
  List<Resource> allow(RuleBook rules, Actions actions, String namespace) {
    var exemption = new Exemption(List.of("kube-*"), List.of());
    return List.of(
        resource(ResourceKind.ALLOW_POLICY, "", new PolicyObject.Allow(rules, exemption, null)),
        resource(
            ResourceKind.ALLOW_BINDING,
            ".names",
            new PolicyObject.AllowBinding(policy(), new Clause.Names(List.of(namespace)), actions)),
        resource(
            ResourceKind.ALLOW_BINDING,
            ".proof",
            new PolicyObject.AllowBinding(policy(), new Clause.Proof(environment), Actions.DENY)));
  }

  /// A default policy that is bound to the proof alone.
  List<Resource> defaults(@Nullable DefaultRegistry registry, String... pullSecrets) {
    var exemption = new Exemption(List.of("kube-*"), List.of());
    return List.of(
        resource(
            ResourceKind.DEFAULT_POLICY,
            "",
            new PolicyObject.Default(environment, registry, List.of(pullSecrets), exemption)),
        resource(
            ResourceKind.DEFAULT_BINDING,
            ".proof",
            new PolicyObject.DefaultBinding(policy(), new Clause.Proof(environment))));
  }

  private Resource resource(ResourceKind kind, String suffix, PolicyObject object) {
    var fields = new TreeMap<String, DesiredField>();
    object
        .fields()
        .forEach(
            (field, value) ->
                fields.put(
                    field,
                    new DesiredField.Known(
                        new FieldValue.Plain(value), DesiredField.Origin.DECLARED)));
    return new Resource(id(kind, suffix), fields);
  }

  Plan plan(List<Resource> desired) throws TargetException {
    Set<ResourceId> ids = desired.stream().map(Resource::id).collect(Collectors.toSet());
    var restraint = new Restraint(Restraint.Freeze.NOTHING, 99, 100, null, "of a test", false);
    return Planner.plan(desired, target().observePolicies(environment, ids), restraint);
  }

  /// Carries out what the planner makes of what is desired and what is seen.
  ///
  /// @return one outcome for each change
  List<Outcome> converge(List<Resource> desired) throws TargetException {
    var outcomes = new ArrayList<Outcome>();
    plan(desired).changes().forEach(change -> outcomes.add(apply(change)));
    return outcomes;
  }

  Outcome apply(Change change) {
    return target().apply(environment, change, (_, _) -> null);
  }

  Outcome release(ResourceId id) {
    return target().release(environment, id);
  }

  Proof prove(Regime regime) {
    return target().prove(environment, regime);
  }

  @Override
  public void close() {
    daemon.close();
    var policies = server.admin().admissionRegistration().v1();
    policies.validatingAdmissionPolicyBindings().withLabel(Marks.INSTANCE, instance).delete();
    policies.validatingAdmissionPolicies().withLabel(Marks.INSTANCE, instance).delete();
    server
        .admin()
        .genericKubernetesResources(
            "admissionregistration.k8s.io/v1", "MutatingAdmissionPolicyBinding")
        .withLabel(Marks.INSTANCE, instance)
        .delete();
    server
        .admin()
        .genericKubernetesResources("admissionregistration.k8s.io/v1", "MutatingAdmissionPolicy")
        .withLabel(Marks.INSTANCE, instance)
        .delete();
  }
}
