package dev.tidewaiter.reconcile;

import dev.tidewaiter.config.Environment;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.plan.Plan;
import dev.tidewaiter.plan.Planner;
import dev.tidewaiter.plan.Restraint;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.TargetException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// Leaves an environment that is not declared any more, or not served here any more: `withdraw`.
///
/// Refused while the revision in force declares it `Active` for a target that this daemon serves,
/// since the daemon would only write everything again, and while no revision is known to be in
/// force.
public final class Withdrawal {
  private static final Restraint UNGUARDED =
      new Restraint(Restraint.Freeze.NOTHING, Integer.MAX_VALUE, 100, null, "", false);

  private final List<ServedTarget> targets;
  private final Predicate<String> served;
  private final Setup setup;

  /// @param served which environments this daemon serves, by name
  public Withdrawal(List<ServedTarget> targets, Predicate<String> served, Setup setup) {
    this.targets = List.copyOf(targets);
    this.served = served;
    this.setup = setup;
  }

  /// What became of a request to leave.
  public sealed interface Ended {
    /// @param reason one sentence for people, and what to do
    record Refused(String reason) implements Ended {}

    record Carried(List<Left> targets) implements Ended {
      public Carried {
        targets = List.copyOf(targets);
      }

      /// Whether nothing of the environment is ours any more, on any target.
      public boolean isComplete() {
        return targets.stream().allMatch(left -> left.failures().isEmpty());
      }
    }
  }

  /// How one target was left.
  ///
  /// @param resources those that were pruned, dropped or released
  /// @param failures what is still ours there and why, for people
  public record Left(String target, List<ResourceId> resources, List<String> failures) {
    public Left {
      resources = List.copyOf(resources);
      failures = List.copyOf(failures);
    }

    /// Whether nothing of the environment was there, as far as can be told.
    boolean isNothing() {
      return resources.isEmpty() && failures.isEmpty();
    }
  }

  /// Takes everything of the environment away, in the order of withdrawals.
  public Ended remove(String environment, RoundResult round) {
    return leave(environment, round, "withdraw --remove", this::removeFrom);
  }

  /// Leaves everything where it is, as nobody's.
  public Ended keep(String environment, RoundResult round) {
    return leave(environment, round, "withdraw --keep", this::releaseOn);
  }

  private Ended leave(String environment, RoundResult round, String cause, Step step) {
    InForce inForce = round.standing().inForce();
    if (inForce == null) {
      return new Ended.Refused(
          "It is not known what is declared, because no revision is in force. Repair the repository"
              + " first.");
    }
    Environment declared = inForce.declarations().environments().get(environment);
    Optional<ServedTarget> serving =
        declared == null || !served.test(environment)
            ? Optional.empty()
            : targets.stream().filter(target -> target.serves(declared)).findFirst();
    if (declared != null && serving.isPresent()) {
      return new Ended.Refused(
          """
          Environment %s is declared and Active at %s, and served on %s, where everything would be written again.
            To end it everywhere, delete its declaration or make it `Retired`. To leave only the targets of this daemon, \
          leave it out of `environments` in the daemon's configuration, or, if it is a host, change `host.labels`."""
              .formatted(environment, declared.place(), serving.get().name()));
    }
    var left = new ArrayList<Left>();
    for (ServedTarget target : targets) {
      Run run = run(new Subject(environment, target.name()), inForce, cause);
      left.add(leave(target, run, step));
    }
    return declared == null && left.stream().allMatch(Left::isNothing)
        ? unknown(environment, inForce)
        : new Ended.Carried(left);
  }

  private Ended unknown(String environment, InForce inForce) {
    var names = new TreeSet<>(inForce.declarations().environments().keySet());
    for (ServedTarget target : targets) {
      try {
        names.addAll(target.target().environments());
      } catch (TargetException _) {
        // These are only to be named.
      }
    }
    return new Ended.Refused(
        "Environment %s: It is not declared, and nothing of it is on any target.%n  %s"
            .formatted(
                environment,
                names.isEmpty()
                    ? "There is none."
                    : "Name one of " + String.join(", ", names) + "."));
  }

  // Credentials are taken back also where policies cannot be seen.
  private static Left leave(ServedTarget target, Run run, Step step) {
    String environment = run.subject().environment();
    var unseen = new ArrayList<String>();
    List<ObservedResource> observed;
    try {
      observed =
          new ArrayList<>(
              target.target().observe(environment, Set.of(), (_, why) -> unseen.add(why)));
    } catch (TargetException e) {
      return new Left(target.name(), List.of(), List.of(String.valueOf(e.getMessage())));
    }
    try {
      observed.addAll(target.target().observePolicies(environment, Set.of()));
    } catch (TargetException e) {
      unseen.add(String.valueOf(e.getMessage()));
    }
    Left left =
        step.leave(target, run, observed.stream().filter(ObservedResource::hasOurs).toList());
    unseen.addAll(left.failures());
    return new Left(left.target(), left.resources(), unseen);
  }

  private Left removeFrom(ServedTarget target, Run run, List<ObservedResource> observed) {
    Plan plan = Planner.plan(List.of(), observed, UNGUARDED);
    var application = new Application(target.target(), setup);
    var gone = new ArrayList<ResourceId>();
    var failures = new ArrayList<String>();
    for (Result result : application.carryOut(run, plan.changes(), (_, _) -> null)) {
      settle(result.change().id(), result.outcome(), gone, failures);
    }
    return new Left(target.name(), gone, failures);
  }

  private Left releaseOn(ServedTarget target, Run run, List<ObservedResource> observed) {
    var gone = new ArrayList<ResourceId>();
    var failures = new ArrayList<String>();
    for (ObservedResource resource : observed) {
      ResourceId id = resource.id();
      settle(id, target.target().release(run.subject().environment(), id), gone, failures);
    }
    Instant now = setup.clock().instant();
    gone.forEach(id -> setup.audit().append(AuditRecord.released(now, setup.instance(), run, id)));
    setup.audit().force();
    return new Left(target.name(), gone, failures);
  }

  private static void settle(
      ResourceId id, Outcome outcome, List<ResourceId> gone, List<String> failures) {
    switch (outcome) {
      case Outcome.Applied() -> gone.add(id);
      case Outcome.Unchanged _ -> {}
      case Outcome.Failed failed ->
          failures.add("%s: %s: %s".formatted(id, failed.reason(), failed.detail()));
    }
  }

  private Run run(Subject subject, InForce inForce, String cause) {
    return new Run(
        HexFormat.of().toHexDigits(setup.random().nextInt()),
        subject,
        Trigger.whole(cause),
        inForce.revision(),
        new Memory(setup.clock(), setup.random()),
        1,
        Map.of());
  }

  private interface Step {
    Left leave(ServedTarget target, Run run, List<ObservedResource> observed);
  }
}
