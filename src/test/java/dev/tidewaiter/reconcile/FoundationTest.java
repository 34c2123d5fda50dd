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
    Foundation before = after(new Result(create(kind, "docker"), BROKEN));
    Failed missing = before.missing(create(ResourceKind.DENIAL, "docker"));
    assertThat(requireNonNull(missing).detail())
        .isEqualTo("waits for " + kind.word() + "/docker/etc/name, which failed");
    assertThat(before.missing(create(ResourceKind.SIGNATURE_POLICY, "docker"))).isNotNull();
  }

  @ParameterizedTest
  @EnumSource(names = {"USER_CREDENTIALS", "NODE_CREDENTIALS", "TRUSTED_CERTIFICATE"})
  void whatIsRefusedWaitsForNobodysLogin(ResourceKind kind) {
    Foundation before = after(new Result(create(kind, "docker"), BROKEN));
    assertThat(before.missing(create(ResourceKind.DENIAL, "docker"))).isNull();
    assertThat(before.missing(create(ResourceKind.SIGNATURE_POLICY, "docker"))).isNull();
  }

  @ParameterizedTest
  @EnumSource(names = {"USER_CREDENTIALS", "NODE_CREDENTIALS", "REGISTRY_MIRRORS"})
  void aCredentialGoesThoughTheDenialCouldNotBeNarrowed(ResourceKind kind) {
    Foundation before = after(new Result(prune(ResourceKind.DENIAL), BROKEN));
    assertThat(before.missing(prune(kind))).isNull();
  }

  @Test
  void anotherRuntimeIsRefusedItsRegistriesAllTheSame() {
    Foundation before = after(new Result(create(ResourceKind.REGISTRY_HOST, "containerd"), BROKEN));
    assertThat(before.missing(create(ResourceKind.DENIAL, "docker"))).isNull();
  }

  @Test
  void whatIsAllowedStaysWhileAllElseIsStillRefused() {
    Foundation before = after(new Result(prune(ResourceKind.DENIAL), BROKEN));
    assertThat(before.missing(prune(ResourceKind.REGISTRY_HOST))).isNotNull();
    assertThat(before.missing(prune(ResourceKind.CERTIFICATE_FILE))).isNotNull();
    assertThat(before.missing(create(ResourceKind.REGISTRY_HOST, "docker"))).isNull();
  }

  @Test
  void aDenialIsTakenBackWhateverFailedBefore() {
    Foundation before =
        after(
            new Result(create(ResourceKind.REGISTRY_HOST, "docker"), BROKEN),
            new Result(prune(ResourceKind.REGISTRY_HOST), BROKEN));
    assertThat(before.missing(prune(ResourceKind.DENIAL))).isNull();
  }

  @Test
  void whatWasDoneBeforeHoldsNothingUp() {
    Foundation before =
        after(
            new Result(create(ResourceKind.REGISTRY_HOST, "docker"), new Outcome.Applied()),
            new Result(create(ResourceKind.USER_CREDENTIALS, "docker"), new Outcome.Unchanged("")));
    assertThat(before.missing(create(ResourceKind.DENIAL, "docker"))).isNull();
  }

  private static Foundation after(Result... results) {
    var foundation = new Foundation();
    List.of(results).forEach(foundation::tried);
    return foundation;
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
