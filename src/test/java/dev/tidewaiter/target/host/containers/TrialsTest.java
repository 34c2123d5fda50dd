package dev.tidewaiter.target.host.containers;

import static dev.tidewaiter.target.host.containers.ContainersHost.POLICY;
import static dev.tidewaiter.target.host.containers.ContainersHost.REGISTRIES;
import static dev.tidewaiter.target.host.containers.ContainersHost.allows;
import static dev.tidewaiter.target.host.containers.ContainersHost.applied;
import static dev.tidewaiter.target.host.containers.ContainersHost.creates;
import static dev.tidewaiter.target.host.containers.ContainersHost.drops;
import static dev.tidewaiter.target.host.containers.ContainersHost.failed;
import static dev.tidewaiter.target.host.containers.ContainersHost.regime;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.Proof;
import dev.tidewaiter.target.host.containers.ContainersRuntime.Programs;
import dev.tidewaiter.target.host.containers.Trials.Program;
import dev.tidewaiter.target.host.containers.Trials.Question;
import dev.tidewaiter.target.host.containers.Trials.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of a change that a program of the host does not accept, or does not follow.
class TrialsTest {
  private static final String OPEN = "{\"default\": [{\"type\": \"insecureAcceptAnything\"}]}\n";

  @TempDir private Path directory;
  private Map<String, String> before = Map.of();

  @BeforeEach
  void startOpen() throws IOException {
    ContainersHost host = host(List.of());
    Files.writeString(host.policyJson(), OPEN);
    before = host.tree();
  }

  private ContainersHost host(List<Program> programs) throws IOException {
    var all = new Programs(false, () -> programs, Crio.NONE, NeededImages.NONE);
    return ContainersHost.directory(directory, all, Integer.MAX_VALUE);
  }

  /// A program that follows what stands in the file, or is asked about.
  private Verdict honest(Question question) throws IOException {
    byte[] policy =
        question.policy() == null
            ? Files.readAllBytes(host(List.of()).policyJson())
            : question.policy().bytes();
    return PolicyDocument.parse(SignaturePolicy.PATH, FileContent.of(policy))
            .admits(question.prefix() + "/any")
        ? Verdict.ACCEPTED
        : Verdict.REJECTED;
  }

  private static boolean denies(Question question) {
    return question.policy() != null
        && new String(question.policy().bytes(), StandardCharsets.UTF_8).contains("\"reject\"");
  }

  @Test
  void writesAndProvesWhatAProgramFollows() throws Exception {
    ContainersHost host = host(List.of(this::honest));
    applied(host.apply(allows("quay.io", "docker.io")));
    assertThat(host.runtime().prove(regime("quay.io", "docker.io"))).isEqualTo(new Proof.Proven());
  }

  @Test
  void writesNoPolicyThatAProgramDoesNotUnderstand() throws Exception {
    Program old = question -> denies(question) ? Verdict.BROKEN : Verdict.ACCEPTED;
    failed(host(List.of(old)).apply(allows("quay.io")), FailureReason.Unsafe);
    assertThat(host(List.of()).tree()).isEqualTo(before);
  }

  @Test
  void writesNoPolicyThatDoesNotAdmitWhatIsListed() throws Exception {
    Program other = question -> denies(question) ? Verdict.REJECTED : Verdict.ACCEPTED;
    assertThat(failed(host(List.of(other)).apply(allows("quay.io")), FailureReason.Unsafe).detail())
        .contains("quay.io");
    assertThat(host(List.of()).tree()).isEqualTo(before);
  }

  @Test
  void takesBackAPolicyThatIsNotFollowed() throws Exception {
    Program elsewhere = question -> question.policy() == null ? Verdict.ACCEPTED : honest(question);
    failed(host(List.of(elsewhere)).apply(allows("quay.io")), FailureReason.NotEffective);
    assertThat(host(List.of()).tree()).isEqualTo(before);
    assertThat(host(List.of()).target().environments()).isEmpty();

    applied(host(List.of(this::honest)).apply(allows("quay.io", "docker.io")));
    Map<String, String> ours = host(List.of()).tree();
    failed(
        host(List.of(elsewhere)).apply(drops(POLICY, "allow/docker.io")),
        FailureReason.NotEffective);
    assertThat(host(List.of()).tree()).isEqualTo(ours);
    assertThat(host(List.of()).observed(POLICY)).containsEntry("allow/docker.io", "present (ours)");
  }

  @Test
  void asksTheNextProgramWhereOneCannotRun() throws Exception {
    Program sandboxed = _ -> Verdict.BROKEN;
    applied(host(List.of(sandboxed, this::honest)).apply(allows("quay.io")));
    assertThat(host(List.of(sandboxed, this::honest)).runtime().prove(regime("quay.io")))
        .isEqualTo(new Proof.Proven());
    assertThat(host(List.of(sandboxed)).runtime().prove(regime("quay.io")))
        .isInstanceOf(Proof.Inconclusive.class);
  }

  @Test
  void refutesWhatIsNotDeniedAndWhatIsNotAllowed() throws Exception {
    applied(host(List.of()).apply(allows("quay.io")));
    Program open = _ -> Verdict.ACCEPTED;
    assertThat(host(List.of(open)).runtime().prove(regime("quay.io")))
        .isInstanceOf(Proof.Refuted.class);
    Program closed = _ -> Verdict.REJECTED;
    assertThat(host(List.of(closed)).runtime().prove(regime("quay.io")))
        .isInstanceOf(Proof.Refuted.class);
  }

  @Test
  void refutesNothingWhereThePolicyWasNotAsked() throws Exception {
    applied(host(List.of()).apply(allows("quay.io")));
    var asked = new AtomicInteger();
    Program failing = _ -> asked.getAndIncrement() == 0 ? Verdict.REJECTED : Verdict.BROKEN;
    assertThat(host(List.of(failing)).runtime().prove(regime("quay.io")))
        .isInstanceOf(Proof.Inconclusive.class);
    assertThat(asked).hasValue(2);
  }

  @Test
  void writesNoDropInThatAProgramDoesNotUnderstand() throws Exception {
    Program old = question -> question.dropIn() == null ? Verdict.ACCEPTED : Verdict.BROKEN;
    failed(
        host(List.of(old)).apply(creates(REGISTRIES, "registry/quay.io", "quay.io")),
        FailureReason.Unsafe);
    assertThat(host(List.of()).tree()).isEqualTo(before);
  }
}
