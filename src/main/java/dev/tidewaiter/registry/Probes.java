package dev.tidewaiter.registry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidewaiter.registry.RegistryProbe.ImageAnswer;
import dev.tidewaiter.registry.RegistryProbe.ProbeAnswer;
import dev.tidewaiter.registry.RegistryProbe.Question;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The questions to registries that are open, and their last answers.
///
/// A question that was answered with yes in every part is not asked again; any other is, with
/// growing pauses, as long as somebody wants to know. The same question of several declarations is
/// asked once.
final class Probes {
  private final RegistryProbe probe;
  private final Timing timing;
  private final Background<Question> background;

  @GuardedBy("this")
  private final Map<Question, Asked> asked = new HashMap<>();

  /// @param late called after an answer for which nobody waits any more
  Probes(RegistryProbe probe, Timing timing, Runnable late) {
    this.probe = probe;
    this.timing = timing;
    this.background = new Background<>("probe", late);
  }

  /// Asks what is due, waits for it at most so long, and forgets every other question.
  void ask(Set<Question> questions, Duration patience) {
    forgetAllBut(questions);
    questions.forEach(this::startIfDue);
    background.await(questions, patience);
  }

  /// The last answer; null before the first.
  synchronized @Nullable ProbeAnswer answer(Question question) {
    Asked known = asked.get(question);
    return known == null ? null : known.answer;
  }

  /// When the next question is due; those that are being asked are left out.
  synchronized Optional<Instant> nextAt() {
    return asked.entrySet().stream()
        .filter(entry -> !entry.getValue().done && !background.isRunning(entry.getKey()))
        .map(entry -> timing.at(entry.getValue().dueAt))
        .min(Comparator.naturalOrder());
  }

  private synchronized void forgetAllBut(Set<Question> questions) {
    asked.keySet().retainAll(questions);
  }

  private synchronized void startIfDue(Question question) {
    Asked known = asked.computeIfAbsent(question, _ -> new Asked(timing.in(Duration.ZERO)));
    if (!known.done && timing.isOver(known.dueAt)) {
      background.start(
          question,
          () -> answered(question, probe.ask(question)),
          () ->
              answered(
                  question,
                  new ProbeAnswer.Unreachable("a defect of Tidewaiter; its log says where")));
    }
  }

  private synchronized void answered(Question question, ProbeAnswer answer) {
    Asked known = asked.get(question);
    if (known != null) {
      known.answered(answer, timing);
    }
  }

  private static final class Asked {
    private @Nullable ProbeAnswer answer;
    private int times;
    private long dueAt;
    private boolean done;

    Asked(long dueAt) {
      this.dueAt = dueAt;
    }

    void answered(ProbeAnswer newest, Timing timing) {
      if (newest instanceof ProbeAnswer.NotAsked) {
        answer = answer == null ? newest : answer;
        dueAt = timing.in(Pauses.OF_SILENCE.after(1, null, timing.random()));
        return;
      }
      answer = newest;
      times++;
      done = isYes(newest);
      Pauses pauses = isSilence(newest) ? Pauses.OF_SILENCE : Pauses.OF_REFUSAL;
      dueAt = timing.in(pauses.after(times, null, timing.random()));
    }

    private static boolean isYes(ProbeAnswer answer) {
      return answer instanceof ProbeAnswer.Accepted(var images)
          && images.values().stream().allMatch(ImageAnswer.Found.class::isInstance);
    }

    private static boolean isSilence(ProbeAnswer answer) {
      return switch (answer) {
        case ProbeAnswer.Unreachable _, ProbeAnswer.NotAsked _ -> true;
        case ProbeAnswer.Refused _ -> false;
        case ProbeAnswer.Accepted(var images) ->
            images.values().stream().anyMatch(ImageAnswer.Unreachable.class::isInstance);
      };
    }
  }
}
