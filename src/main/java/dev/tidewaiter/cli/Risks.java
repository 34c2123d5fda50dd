package dev.tidewaiter.cli;

import dev.tidewaiter.cli.DeclaredFacts.Subject;
import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.Environment;
import dev.tidewaiter.desired.Regimes;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.policy.RepositoryPrefix;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which differences of an environment a reviewer should look at twice, and why.
final class Risks {
  private static final List<String> ENFORCEMENTS = List.of("Audit", "Warn", "Deny");

  private final Set<RegistryAddress> served;
  private final @Nullable List<RepositoryPrefix> allowed;
  private final Declarations before;
  private final String moved;

  /// @param now the environment as it is afterwards; null if it is declared no more
  Risks(Declarations before, Declarations after, @Nullable Environment now) {
    this.before = before;
    this.moved =
        "images without a host come from elsewhere"
            + (now == null || now.hosts() == null ? "" : ", and on hosts all of Docker Hub");
    this.served =
        now == null
            ? Set.of()
            : after.serving(now).stream()
                .map(registry -> registry.address().canonical())
                .collect(Collectors.toSet());
    this.allowed = now == null ? null : Regimes.of(after, now).rules().allowed();
  }

  /// @param was null if it is added
  /// @param is null if it is removed
  @Nullable Risk of(Subject subject, @Nullable String was, @Nullable String is) {
    return switch (subject.aspect()) {
      case STATE -> state(was, is);
      case REGISTRY -> registry(subject.name(), was, is);
      case CREDENTIAL -> credential(was, is);
      case TRUST -> trust(subject.name(), was, is);
      case MIRROR -> removed(is, "hosts no longer pull through it");
      case DEFAULT_REGISTRY -> new Risk(Risk.Kind.Move, moved);
      case ALLOW_LIST ->
          is == null
              ? Risk.weakening("images of every registry are admitted")
              : Risk.denial("images that no entry admits are denied");
      case ALLOWED -> is == null ? entryRemoved(subject.name()) : null;
      case ENFORCEMENT -> enforcement(was, is);
      case EXEMPT_NAMESPACE ->
          is == null
              ? Risk.denial("the policy holds there from now on")
              : Risk.weakening("the policy does not hold there");
      case NAMESPACES, CLUSTER -> reach(is);
      case EXCLUDED_NAMESPACE -> added(was, "it loses credentials and rules");
      case PULL_SECRET ->
          was == null || is == null
              ? null
              : Risk.withdrawal("the Secret of the old name goes when no pod names it any more");
      case SERVICE_ACCOUNT -> removed(is, "its new pods are not given the pull Secret");
      case INJECTION ->
          "true".equals(was) && is != null
              ? Risk.withdrawal("new pods are not given pull Secrets at admission")
              : null;
      case HOSTS -> removed(is, "credentials and rules are withdrawn there");
      case HOST_USER -> removed(is, "credentials are withdrawn there");
      case HOST_CREDENTIALS ->
          is == null
              ? Risk.withdrawal("pulls of hosts have only the credentials of who pulls")
              : Risk.weakening("whoever pulls on such a host does so with these credentials");
      case TRUST_STORE ->
          is == null
              ? Risk.withdrawal("programs of hosts no longer trust what registries declare")
              : new Risk(
                  Risk.Kind.Trust, "every program of such a host trusts what registries declare");
      case UNSUPPORTED_ACCEPTED ->
          is != null
              ? Risk.weakening("what hosts cannot enforce no longer keeps it from Ready")
              : null;
      case ACTIVATION_APPROVAL, PRUNE_APPROVAL ->
          is == null ? null : new Risk(Risk.Kind.Approval, "what is held under this id is let go");
      case POLICY, MAX_DENIED, DRIFT_MODE, SUSPEND, PRUNE_LIMITS, DUPLICATES -> null;
    };
  }

  private @Nullable Risk reach(@Nullable String is) {
    if (is == null) {
      return Risk.withdrawal("what only this selected loses credentials and rules");
    }
    return allowed == null ? null : Risk.denial("images there are limited to the allow-list");
  }

  private static @Nullable Risk removed(@Nullable String is, String detail) {
    return is == null ? Risk.withdrawal(detail) : null;
  }

  private static @Nullable Risk added(@Nullable String was, String detail) {
    return was == null ? Risk.withdrawal(detail) : null;
  }

  private static @Nullable Risk state(@Nullable String was, @Nullable String is) {
    if (is == null) {
      return Risk.withdrawal("its resources stay, as orphans, until `tidewaiter withdraw` is run");
    }
    return "Retired".equals(is) && was != null
        ? Risk.withdrawal("everything of it is withdrawn")
        : null;
  }

  private @Nullable Risk registry(String name, @Nullable String was, @Nullable String is) {
    var registry = before.registries().get(name);
    if (was == null || !was.endsWith("Active") || registry == null) {
      return null;
    }
    if (served.contains(registry.address().canonical())) {
      return null;
    }
    return Risk.withdrawal(
        is == null
            ? "its credential is withdrawn"
            : "its credential is withdrawn, and new pods with its images are denied");
  }

  private static @Nullable Risk credential(@Nullable String was, @Nullable String is) {
    return was != null && "anonymous".equals(is)
        ? Risk.withdrawal("its credential is withdrawn")
        : null;
  }

  private @Nullable Risk trust(String name, @Nullable String was, @Nullable String is) {
    if (is != null && is.contains("insecure") && (was == null || !was.contains("insecure"))) {
      return Risk.weakening("hosts accept plain HTTP and any certificate");
    }
    if (was == null && !before.registries().containsKey(name)) {
      return null;
    }
    return is == null
        ? Risk.withdrawal("hosts no longer trust it, or show it a certificate, as before")
        : new Risk(Risk.Kind.Trust, "hosts trust another server, or show another certificate");
  }

  private @Nullable Risk entryRemoved(String entry) {
    var prefix = RepositoryPrefix.parse(entry);
    return allowed == null || allowed.stream().anyMatch(other -> other.covers(prefix))
        ? null
        : Risk.denial("images beneath it are denied");
  }

  private static @Nullable Risk enforcement(@Nullable String was, @Nullable String is) {
    if (was == null || is == null) {
      return null;
    }
    return ENFORCEMENTS.indexOf(is) < ENFORCEMENTS.indexOf(was)
        ? Risk.weakening("images that are not admitted are no longer treated as before")
        : "Deny".equals(is) ? Risk.denial("what was only warned of or recorded is denied") : null;
  }
}
