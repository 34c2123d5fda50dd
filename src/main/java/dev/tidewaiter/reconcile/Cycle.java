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
import dev.tidewaiter.target.Target;
import dev.tidewaiter.target.TargetException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Makes one environment on one target what the newest round says it should be: compile, observe,
/// plan, apply, report.
///
/// Whatever cannot be observed completely ends the cycle before anything is planned. A cycle may be
/// limited to some scopes; it then adds and updates, and leaves withdrawals to the next whole one.
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
    long stamp = memory.scopes.stamp();
    try {
      Considered considered = consider(assignment, memory, trigger, assignment.freeze());
      Run run = run(draft, stamp, considered.compiled());
      List<Result> results =
          application.carryOut(run, considered.plan().changes(), considered.compiled().payloads());
      memory.fights.unchanged(considered.plan().unchanged());
      return draft.applied(considered, results);
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

  // From the surroundings to a plan. Nothing is prepared for an environment that is not touched.
  private Considered consider(
      Assignment assignment, Memory memory, Trigger trigger, Freeze preparation)
      throws TargetException {
    String environment = assignment.environment().name();
    Surroundings surroundings = narrow(target.surroundings(), trigger);
    Compiled placed = compile(assignment, surroundings, Map.of());
    Set<ResourceId> desired = ids(placed);
    if (preparation != Freeze.ALL) {
      memory.prepare(target, environment, desired, trigger);
    }
    List<ObservedResource> observed = within(trigger, target.observe(environment, desired));
    Lingering lingering = Lingering.find(target, environment, placed, observed);
    Compiled compiled =
        lingering.fields().isEmpty()
            ? placed
            : compile(assignment, surroundings, lingering.fields());
    Plan plan =
        Planner.plan(
            compiled.resources(),
            observed,
            assignment.restraint(compiled.scopeId()),
            compiled.leftAlone());
    return considered(compiled, plan, memory, trigger, assignment.notes(lingering.notes()));
  }

  private Considered considered(
      Compiled compiled, Plan plan, Memory memory, Trigger trigger, List<Condition> notes) {
    Set<ResourceId> contended = memory.fights.leftAlone();
    Plan spared = Considered.sparing(plan, contended);
    Map<ResourceId, String> writers = new TreeMap<>();
    contended.stream()
        .filter(id -> trigger.covers(id.scope()))
        .forEach(id -> writers.put(id, target.otherWriter(id).orElse("")));
    var whole = new Considered(compiled, spared, writers, notes);
    return trigger.isWhole() ? whole : whole.withoutWithdrawals();
  }

  private Compiled compile(
      Assignment assignment, Surroundings surroundings, Map<ResourceId, Set<String>> lingering) {
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
            Enforcing.AS_DECLARED,
            setup.instance(),
            served.ownNamespace()));
  }

  private static Surroundings narrow(Surroundings surroundings, Trigger trigger) {
    return switch (surroundings) {
      case Surroundings.Host host -> host;
      case Surroundings.Cluster(var namespaces, var admission) -> {
        var covered = new TreeMap<>(namespaces);
        covered.keySet().removeIf(name -> !trigger.covers(name));
        yield new Surroundings.Cluster(covered, admission);
      }
    };
  }

  private static List<ObservedResource> within(Trigger trigger, List<ObservedResource> observed) {
    return observed.stream().filter(one -> trigger.covers(one.id().scope())).toList();
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
