package dev.tidewaiter.config;

import dev.tidewaiter.model.Place;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The namespaces and hosts that share registries, and how they are served.
///
/// @param clusters names of clusters; null for all of the daemon that reads it
/// @param policy name of a `RegistryPolicy`; null for none
/// @param injectPullSecrets whether new pods are given the pull Secrets at admission
/// @param hosts null if it selects no host
public record Environment(
    String name,
    Place place,
    State state,
    List<String> registries,
    @Nullable String policy,
    @Nullable List<String> clusters,
    Namespaces namespaces,
    PullSecret pullSecret,
    ServiceAccounts serviceAccounts,
    boolean injectPullSecrets,
    @Nullable Hosts hosts,
    DriftMode driftMode,
    Suspend suspend,
    Prune prune,
    DuplicateAddresses duplicateAddresses) {

  public enum State {
    ACTIVE,
    /// Everything of it is withdrawn.
    RETIRED
  }

  /// Which namespaces: the union of the clauses, minus `exclude`.
  ///
  /// @param all every namespace but system ones
  /// @param matchLabels null for no selector; never empty
  /// @param projects Rancher project ids, `cluster:project`
  public record Namespaces(
      boolean all,
      List<String> names,
      @Nullable Map<String, String> matchLabels,
      List<String> projects,
      List<String> exclude) {
    public static final Namespaces NONE =
        new Namespaces(false, List.of(), null, List.of(), List.of());
  }

  public record PullSecret(String name, Mode mode) {
    public enum Mode {
      /// One Secret with an entry for each registry.
      MERGED,
      /// One Secret for each registry, named `<name>-<registry>`.
      PER_REGISTRY
    }
  }

  /// Which ServiceAccounts get the pull Secret: all, or those named; neither for none.
  public record ServiceAccounts(boolean all, List<String> names) {}

  /// Which hosts, and what is managed there.
  ///
  /// @param runtimes `docker`, `containerd`, `crio`, `podman` or `kubelet`, where they are found
  /// @param users whose login files get the credentials
  /// @param nodeCredentials whether every pull of the machine may use them
  /// @param trustStore whether CAs also go into the system's trust store
  public record Hosts(
      Map<String, String> matchLabels,
      List<String> runtimes,
      List<String> users,
      boolean nodeCredentials,
      boolean trustStore,
      Unsupported unsupported) {
    /// For Docker and users alone.
    public Hosts(Map<String, String> matchLabels, List<String> runtimes, List<String> users) {
      this(matchLabels, runtimes, users, false, false, Unsupported.REJECT);
    }
  }

  /// What becomes of the readiness where a runtime cannot enforce what is declared.
  public enum Unsupported {
    REJECT,
    /// It is reported, and does not keep the environment from `Ready`.
    ACCEPT
  }

  public enum DriftMode {
    ENFORCE,
    DETECT_ONLY
  }

  /// What is frozen.
  public enum Suspend {
    NONE,
    /// Declared state; tokens are still refreshed.
    STATE,
    ALL
  }

  /// The guard's limits.
  ///
  /// @param approve empty for nothing approved
  public record Prune(int maxDeletions, int maxPercent, String approve) {}

  public enum DuplicateAddresses {
    MOST_RECENTLY_ADDED,
    REJECT
  }
}
