package dev.tidewaiter.reconcile;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.Failed;
import dev.tidewaiter.target.Outcome.FailureReason;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What waits on a host when something before it failed.
class FoundationTest {
  private static final Outcome BROKEN = new Failed(FailureReason.AccessDenied, "read-only", null);

  @ParameterizedTest
  @EnumSource(
      names = {
        "CERTIFICATE_FILE",
        "INSECURE_REGISTRIES",
        "REGISTRY_MIRRORS",
        "RUNTIME_SETTINGS",
        "REGISTRY_HOST",
        "REGISTRIES_DROP_IN"
      })
  void nothingIsRefusedAfterWhatReachesTheRestFailed(ResourceKind kind) {
    List<Result> before = List.of(new Result(create(kind, "docker"), BROKEN));
    Failed missing = Foundation.missing(create(ResourceKind.DENIAL, "docker"), before);
    assertThat(requireNonNull(missing).detail())
        .isEqualTo("waits for " + kind.word() + "/docker/etc/name, which failed");
    assertThat(Foundation.missing(create(ResourceKind.SIGNATURE_POLICY, "docker"), before))
        .isNotNull();
  }

  @ParameterizedTest
  @EnumSource(names = {"USER_CREDENTIALS", "NODE_CREDENTIALS", "TRUSTED_CERTIFICATE"})
  void whatIsRefusedWaitsForNobodysLogin(ResourceKind kind) {
    List<Result> before = List.of(new Result(create(kind, "docker"), BROKEN));
    assertThat(Foundation.missing(create(ResourceKind.DENIAL, "docker"), before)).isNull();
    assertThat(Foundation.missing(create(ResourceKind.SIGNATURE_POLICY, "docker"), before))
        .isNull();
  }

  @ParameterizedTest
  @EnumSource(names = {"USER_CREDENTIALS", "NODE_CREDENTIALS", "REGISTRY_MIRRORS"})
  void aCredentialGoesThoughTheDenialCouldNotBeNarrowed(ResourceKind kind) {
    List<Result> before = List.of(new Result(prune(ResourceKind.DENIAL), BROKEN));
    assertThat(Foundation.missing(prune(kind), before)).isNull();
  }

  @Test
  void anotherRuntimeIsRefusedItsRegistriesAllTheSame() {
    List<Result> before =
        List.of(new Result(create(ResourceKind.REGISTRY_HOST, "containerd"), BROKEN));
    assertThat(Foundation.missing(create(ResourceKind.DENIAL, "docker"), before)).isNull();
  }

  @Test
  void whatIsAllowedStaysWhileAllElseIsStillRefused() {
    List<Result> before = List.of(new Result(prune(ResourceKind.DENIAL), BROKEN));
    assertThat(Foundation.missing(prune(ResourceKind.REGISTRY_HOST), before)).isNotNull();
    assertThat(Foundation.missing(prune(ResourceKind.CERTIFICATE_FILE), before)).isNotNull();
    assertThat(Foundation.missing(create(ResourceKind.REGISTRY_HOST, "docker"), before)).isNull();
  }

  @Test
  void aDenialIsTakenBackWhateverFailedBefore() {
    List<Result> before =
        List.of(
            new Result(create(ResourceKind.REGISTRY_HOST, "docker"), BROKEN),
            new Result(prune(ResourceKind.REGISTRY_HOST), BROKEN));
    assertThat(Foundation.missing(prune(ResourceKind.DENIAL), before)).isNull();
  }

  @Test
  void whatWasDoneBeforeHoldsNothingUp() {
    List<Result> before =
        List.of(
            new Result(create(ResourceKind.REGISTRY_HOST, "docker"), new Outcome.Applied()),
            new Result(create(ResourceKind.USER_CREDENTIALS, "docker"), new Outcome.Unchanged("")));
    assertThat(Foundation.missing(create(ResourceKind.DENIAL, "docker"), before)).isNull();
  }

  private static Change create(ResourceKind kind, String scope) {
    return new Change.Create(
        new ResourceId(kind, scope, "etc/name"),
        new TreeMap<>(Map.of("denied", new FieldValue.Plain("present"))));
  }

  private static Change prune(ResourceKind kind) {
    return new Change.Prune(new ResourceId(kind, "docker", "etc/name"));
  }
}
