package dev.tidewaiter.reconcile;

import dev.tidewaiter.desired.PolicyFields;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a change stands on, and must not be made without: nothing is denied by an image's host
/// before the default registry gives it one, no registry is refused on a host before those that are
/// allowed can be reached as declared, and none of these goes while all others are still refused.
/// In a namespace no pull Secret goes while one that may take its place could not be made, nor does
/// what adds it to new pods.
///
/// On a host a login is no part of that: without one a registry answers that one is missing, with
/// or without the denial, and a user's file that cannot be written must not leave a host open, nor
/// a denial that cannot be narrowed leave a credential there.
final class Foundation {
  private static final Set<ResourceKind> REFUSING =
      Set.of(ResourceKind.DENIAL, ResourceKind.SIGNATURE_POLICY);

  /// What pods of a cluster log in with.
  private static final Set<ResourceKind> LOGGING_IN =
      Set.of(ResourceKind.PULL_SECRET, ResourceKind.SERVICE_ACCOUNT);

  /// What makes a registry of a host one that can be reached.
  private static final Set<ResourceKind> REACHING =
      Set.of(
          ResourceKind.REGISTRY_HOST,
          ResourceKind.CERTIFICATE_FILE,
          ResourceKind.REGISTRIES_DROP_IN,
          ResourceKind.INSECURE_REGISTRIES,
          ResourceKind.REGISTRY_MIRRORS,
          ResourceKind.RUNTIME_SETTINGS);

  /// What of it makes a registry of a host one that is not refused.
  private static final Set<ResourceKind> ADMITTING =
      Set.of(ResourceKind.REGISTRY_HOST, ResourceKind.CERTIFICATE_FILE);

  private final List<Change> failed = new ArrayList<>();

  /// Notes what became of a change of this cycle.
  void tried(Result result) {
    if (!result.isDone()) {
      failed.add(result.change());
    }
  }

  /// What becomes of a change after what it stands on failed; null if it may be made.
  Outcome.@Nullable Failed missing(Change change) {
    return failed.stream()
        .filter(earlier -> standsOn(change, earlier))
        .findFirst()
        .map(Foundation::waiting)
        .orElse(null);
  }

  private static boolean standsOn(Change change, Change earlier) {
    boolean sameScope = change.id().scope().equals(earlier.id().scope());
    if (change.isWithdrawal() && earlier instanceof Change.Create) {
      return earlier.id().kind() == ResourceKind.PULL_SECRET
          && (sameScope ? LOGGING_IN.contains(change.id().kind()) : endsInjection(change));
    }
    if (!sameScope) {
      return false;
    }
    if (change.isWithdrawal() != earlier.isWithdrawal()) {
      return false;
    }
    if (change.isWithdrawal()) {
      return REFUSING.contains(earlier.id().kind()) && ADMITTING.contains(change.id().kind());
    }
    if (change.id().kind().isOfHosts()) {
      return REFUSING.contains(change.id().kind()) && REACHING.contains(earlier.id().kind());
    }
    return change.id().kind().isPolicy() && earlier.id().kind().isPolicy();
  }

  // For all namespaces at once. Where more is dropped, the rest must not wait for one of them.
  private static boolean endsInjection(Change change) {
    return change instanceof Change.Update(var id, var fields, _)
        && id.kind() == ResourceKind.DEFAULT_POLICY
        && fields.keySet().stream().allMatch(field -> field.startsWith(PolicyFields.SECRET));
  }

  private static Outcome.Failed waiting(Change missing) {
    return new Outcome.Failed(
        Outcome.FailureReason.Unavailable, "waits for " + missing.id() + ", which failed", null);
  }
}
