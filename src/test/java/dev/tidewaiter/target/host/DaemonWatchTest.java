package dev.tidewaiter.target.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.RuntimeFacts;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.TargetEvent;
import dev.tidewaiter.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class DaemonWatchTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /// @param answers by how often it was asked before
  private record Asked(String name, AtomicInteger times, IntFunction<String> answers)
      implements HostRuntime {
    @Override
    public String running() {
      return answers.apply(times.getAndIncrement());
    }

    @Override
    public Optional<RuntimeFacts> facts() {
      return Optional.empty();
    }

    @Override
    public Optional<ObservedResource> observe(String environment, ResourceId id) {
      return Optional.empty();
    }

    @Override
    public Outcome apply(String environment, Change change, Compiled.Payloads payloads) {
      throw new IllegalStateException("nothing is applied");
    }

    @Override
    public Set<HostPath> directories() {
      return Set.of();
    }
  }

  private static HostRuntime asked(String name, IntFunction<String> answers) {
    return new Asked(name, new AtomicInteger(), answers);
  }

  @Test
  void goesOnAfterADefectOfARuntime() {
    HostRuntime broken =
        asked(
            "broken",
            times -> {
              if (times % 2 == 0) {
                throw new IllegalStateException("a defect");
              }
              return "start " + times;
            });
    HostRuntime sound = asked("sound", times -> "start " + times);
    var events = new CopyOnWriteArrayList<TargetEvent>();
    try (DaemonWatch _ =
        DaemonWatch.start(List.of(broken, sound), Duration.ofMillis(5), events::add)) {
      Await.until(
          LIMIT,
          () ->
              assertThat(events)
                  .contains(
                      new TargetEvent("broken", "daemon changed"),
                      new TargetEvent("sound", "daemon changed")));
    }
  }
}
