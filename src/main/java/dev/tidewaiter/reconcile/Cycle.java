package dev.tidewaiter.reconcile;

import dev.tidewaiter.desired.Compilation;
import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.Compiler;
import dev.tidewaiter.desired.Enforcing;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.plan.Plan;
import dev.tidewaiter.plan.Planner;
import dev.tidewaiter.plan.Restraint.Freeze;
import dev.tidewaiter.reconcile.activation.Policies;
import dev.tidewaiter.target.Proof;
import dev.tidewaiter.target.Target;
import dev.tidewaiter.target.TargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Makes one environment on one target what the newest round says it should be: compile, observe,
/// plan, judge new denials, apply, prove, report.
///
/// Whatever cannot be observed completely ends the cycle before anything is planned. A cycle may be
/// limited to some scopes; it then adds and updates, and leaves withdrawals and new denials to the
/// next whole one.
final class Cycle {
  private final ServedTarget served;
  private final Target target;
  private final Setup setup;
  private final Application application;

  Cycle(ServedTarget served, Setup setup) {
    this.served = served;
    this.target = served.target();
    this.setup = setup;
    this.application = new Application(target, setup);
  }

  /// Brings the environment there, as far as that can be done now.
  CycleReport reconcile(Assignment assignment, Memory memory, Trigger trigger) {
    var draft = new ReportDraft(subject(assignment), assignment, memory, trigger, setup);
    try {
      Carried first = carryOut(assignment, memory, widened(assignment, trigger), draft);
      Optional<Proof> proof = prove(assignment, memory, first);
      Carried last =
          proof.orElse(null) instanceof Proof.Refuted
              ? first.before(carryOut(assignment, memory, trigger, draft))
              : first;
      return draft.applied(noting(last.considered(), proof), last.results());
    } catch (TargetException e) {
      return draft.unobserved(e);
    }
  }

  /// What a cycle would do now. Touches nothing.
  CycleReport preview(Assignment assignment, Memory memory) {
    Trigger trigger = Trigger.whole("diff");
    var draft = new ReportDraft(subject(assignment), assignment, memory, trigger, setup);
    try {
      return draft.previewed(consider(assignment, memory, trigger, Freeze.ALL));
    } catch (TargetException e) {
      return draft.unobserved(e);
    }
  }

  /// What was considered, and what came of it.
  private record Carried(Run run, Considered considered, List<Result> results) {
    Carried before(Carried next) {
      var all = new ArrayList<>(results);
      all.addAll(next.results);
      return new Carried(next.run, considered.before(next.considered), all);
    }
  }

  private Carried carryOut(Assignment assignment, Memory memory, Trigger trigger, ReportDraft draft)
      throws TargetException {
    long stamp = memory.scopes.stamp();
    Considered considered = consider(assignment, memory, trigger, assignment.freeze());
    Run run = run(draft, stamp, considered.compiled());
    List<Result> results =
        application.carryOut(run, considered.plan().changes(), considered.compiled().payloads());
    memory.fights.unchanged(considered.plan().unchanged());
    // After the changes, because a namespace that does not answer must hold none of them up.
    target.retire(assignment.environment().name(), considered.lingering());
    return new Carried(run, considered, results);
  }

  // A proof touches nothing either; but what is frozen is left entirely to its owner.
  private Optional<Proof> prove(Assignment assignment, Memory memory, Carried carried) {
    return assignment.freeze() == Freeze.NOTHING
        ? new Proving(target, memory.policies, setup.stop())
            .after(carried.run(), carried.considered(), carried.results())
        : Optional.empty();
  }

  private static Considered noting(Considered considered, Optional<Proof> proof) {
    return proof.orElse(null) instanceof Proof.Inconclusive inconclusive
        ? considered.noting(
            considered.compiled().hostGovernance() == null
                ? PolicyConditions.inconclusive(inconclusive)
                : HostConditions.inconclusive(inconclusive))
        : considered;
  }

  // From the surroundings to a plan. Nothing is prepared for an environment that is not touched,
  // and nothing else is written here.
  private Considered consider(
      Assignment assignment, Memory memory, Trigger trigger, Freeze preparation)
      throws TargetException {
    String environment = assignment.environment().name();
    Surroundings surroundings = narrow(target.surroundings(), trigger);
    Compiled placed = compile(assignment, surroundings, Map.of(), Enforcing.AS_DECLARED);
    Set<ResourceId> desired = ids(placed);
    if (preparation != Freeze.ALL) {
      memory.prepare(target, environment, desired, trigger);
    }
    Sight sight = Sight.of(target, environment, surroundings, desired, trigger);
    List<ObservedResource> observed = sight.observed();
    Lingering lingering = Lingering.find(target, assignment, placed, sight);
    Planned.Planning planning =
        enforcing -> {
          Compiled compiled =
              lingering.fields().isEmpty() && enforcing.isDeclared()
                  ? placed
                  : compile(assignment, surroundings, lingering.fields(), enforcing);
          List<Resource> wanted =
              compiled.resources().stream()
                  .filter(one -> trigger.covers(one.id().scope()))
                  .map(sight::known)
                  .map(lingering.standIns()::namedBy)
                  .toList();
          Plan plan = plan(assignment, wanted, compiled, sight);
          return Planned.of(enforcing, compiled, lingering.completed(plan));
        };
    var policies = Policies.of(setup.instance(), environment);
    var scene = new Activating.Scene(trigger, surroundings, observed, memory.fights.leftAlone());
    Planned planned = new Activating(target, policies, memory.policies).decide(scene, planning);
    var notes = new ArrayList<>(assignment.notes(lingering.notes()));
    notes.addAll(sight.conditions());
    notes.addAll(UnknownRuntimes.of(surroundings, assignment.environment()));
    return considered(planned, scene, lingering.named(), notes);
  }

  private static Plan plan(
      Assignment assignment, List<Resource> desired, Compiled compiled, Sight sight) {
    return Considered.withoutBindingsOfOthers(
        Planner.plan(
            desired,
            sight.observed(),
            assignment.restraint(compiled.scopeId()),
            sight.leftAlone(compiled.leftAlone())));
  }

  private Considered considered(
      Planned planned, Activating.Scene scene, Set<ResourceId> lingering, List<Condition> notes) {
    Trigger trigger = scene.trigger();
    Set<ResourceId> contended = scene.contended();
    Plan spared = Considered.sparing(planned.plan(), contended);
    Map<ResourceId, String> writers = new TreeMap<>();
    contended.stream()
        .filter(id -> trigger.covers(id.scope()))
        .forEach(id -> writers.put(id, target.otherWriter(id).orElse("")));
    var noted = new ArrayList<>(notes);
    noted.addAll(planned.notes());
    var whole =
        new Considered(
            planned.enforcing(),
            planned.compiled(),
            spared,
            planned.activation(),
            writers,
            RuntimeReport.of(scene.surroundings()),
            lingering,
            noted);
    return trigger.isWhole() ? whole : whole.withoutWithdrawals();
  }

  private Compiled compile(
      Assignment assignment,
      Surroundings surroundings,
      Map<ResourceId, Set<String>> lingering,
      Enforcing enforcing) {
    String cluster = served.cluster();
    return Compiler.compile(
        new Compilation(
            assignment.inForce().declarations(),
            assignment.environment(),
            cluster == null ? served.name() : cluster,
            surroundings,
            served.limits(),
            assignment.round().materialAt(setup.clock().instant()),
            lingering,
            setup.sealer(),
            enforcing,
            setup.instance(),
            served.ownNamespace()));
  }

  // Policies belong to no namespace, and are made of all of them.
  private static Surroundings narrow(Surroundings surroundings, Trigger trigger) {
    return switch (surroundings) {
      case Surroundings.Host host -> host;
      case Surroundings.Cluster cluster when trigger.covers(ResourceId.CLUSTER_WIDE) -> cluster;
      case Surroundings.Cluster(var namespaces, var admission) -> {
        var covered = new TreeMap<>(namespaces);
        covered.keySet().removeIf(name -> !trigger.covers(name));
        yield new Surroundings.Cluster(covered, admission);
      }
    };
  }

  /// What happens in a namespace may change the policies, where their bindings name namespaces.
  private Trigger widened(Assignment assignment, Trigger trigger) {
    boolean named =
        !assignment.environment().namespaces().projects().isEmpty()
            || !served.limits().allow().isEmpty()
            || !served.limits().deny().isEmpty();
    return named && served.cluster() != null && assignment.governs()
        ? trigger.covering(ResourceId.CLUSTER_WIDE)
        : trigger;
  }

  private static Set<ResourceId> ids(Compiled compiled) {
    return compiled.resources().stream().map(Resource::id).collect(Collectors.toSet());
  }

  private Run run(ReportDraft draft, long stamp, Compiled compiled) {
    Map<ResourceId, Resource> desired =
        compiled.resources().stream().collect(Collectors.toMap(Resource::id, Function.identity()));
    return draft.run(stamp, desired);
  }

  private Subject subject(Assignment assignment) {
    return new Subject(assignment.environment().name(), target.name());
  }
}
