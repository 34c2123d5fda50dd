package dev.tidewaiter.target.kubernetes;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidewaiter.desired.Admission;
import dev.tidewaiter.desired.Admission.Mutating;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Asks an API server which policies it has: not its version but what it lists counts, because
/// versions of an API can be switched on and off.
///
/// Source: [API discovery](https://kubernetes.io/docs/concepts/overview/kubernetes-api/), which
/// every authenticated user may read (ClusterRole `system:discovery`).
///
/// One answer after the other, and a failure holds for a moment: while a server does not answer,
/// the cycles of many environments must not each wait for it in turn.
final class AdmissionDiscovery {
  static final String GROUP = "apis/admissionregistration.k8s.io/";
  private static final String VALIDATING = "validatingadmissionpolicies";
  private static final String VALIDATING_BINDINGS = "validatingadmissionpolicybindings";
  private static final String MUTATING = "mutatingadmissionpolicies";
  private static final String MUTATING_BINDINGS = "mutatingadmissionpolicybindings";

  /// How long nobody asks again after a failure: as long as the cycles take that came together.
  private static final Duration PAUSE = Duration.ofSeconds(3);

  private final Api api;
  private final InstantSource clock;

  @GuardedBy("this")
  private @Nullable ApiException failure;

  @GuardedBy("this")
  private Instant failedAt = Instant.EPOCH;

  AdmissionDiscovery(Api api, InstantSource clock) {
    this.api = api;
    this.clock = clock;
  }

  /// @throws ApiException also if it failed a moment ago
  synchronized Admission ask() throws ApiException {
    ApiException last = failure;
    if (last != null && failedJustNow()) {
      throw last;
    }
    try {
      Admission admission = read();
      failure = null;
      return admission;
    } catch (ApiException e) {
      failure = e;
      failedAt = clock.instant();
      throw e;
    }
  }

  // A clock that was set back must not silence it.
  @GuardedBy("this")
  private boolean failedJustNow() {
    Duration since = Duration.between(failedAt, clock.instant());
    return !since.isNegative() && since.compareTo(PAUSE) < 0;
  }

  private Admission read() throws ApiException {
    Set<String> stable = resources("v1");
    boolean validating = stable.containsAll(Set.of(VALIDATING, VALIDATING_BINDINGS));
    return new Admission(validating, mutating(stable), version());
  }

  private Mutating mutating(Set<String> stable) throws ApiException {
    Set<String> both = Set.of(MUTATING, MUTATING_BINDINGS);
    if (stable.containsAll(both)) {
      return Mutating.V1;
    }
    return resources("v1beta1").containsAll(both) ? Mutating.V1BETA1 : Mutating.NONE;
  }

  private String version() throws ApiException {
    Reply reply = api.send(Call.get("version"));
    return reply.code() == 404 ? "" : Json.string(reply.orThrow("get version"), "gitVersion");
  }

  /// Names of the resources of the group in a version; none where the server has not got it.
  private Set<String> resources(String version) throws ApiException {
    Reply reply = api.send(Call.get(GROUP + version));
    var names = new TreeSet<String>();
    if (reply.code() != 404) {
      JsonNode list = reply.orThrow("get " + GROUP + version);
      list.path("resources").forEach(resource -> names.add(Json.string(resource, "name")));
    }
    return names;
  }
}
