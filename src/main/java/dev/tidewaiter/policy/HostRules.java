package dev.tidewaiter.policy;

import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.model.RegistryAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the regime of an environment means for the pulls of a host.
///
/// It differs from what it means for pods, because runtimes are told of registries and not of
/// images:
///
/// - Whoever pulls is judged: static pods, builds and people as well as what a cluster admits.
/// - What is denied is all that is not listed. An inactive registry is denied by not being
///   admitted, so only under an allow-list: a list of what is denied would be evaded by a host in
///   upper case.
/// - Docker and containerd admit whole registries; podman and CRI-O also paths ([Granularity]).
/// - A host is compared as it is written: `QUAY.IO` and `quay.io:443` are other hosts than
///   `quay.io`, and denied. Only `index.docker.io` is `docker.io`, which runtimes say themselves.
/// - The default registry serves all of Docker Hub ([DockerHubRedirect]).
///
/// @param regime as declared
/// @param denies whether a registry that is not listed is refused: there is a list, and the policy
///   says `enforcement: Deny`
public record HostRules(Regime regime, boolean denies) {
  /// What a runtime can tell apart.
  public enum Granularity {
    /// Registries: Docker and containerd.
    HOST,
    /// Repositories: podman and CRI-O.
    PATH
  }

  /// @param enforced whether the policy says `enforcement: Deny`; on a host it warns nobody
  public static HostRules of(Regime regime, boolean enforced) {
    return new HostRules(regime, enforced && regime.rules().allowed() != null);
  }

  /// Where Docker Hub is pulled from; null for itself. With [LibraryPrefix#DROP] too: no runtime
  /// can leave `library/` out, and elsewhere the images would not be found.
  public @Nullable DockerHubRedirect redirect() {
    DefaultRegistry registry = regime.defaultRegistry();
    return registry == null
            || registry.library() == LibraryPrefix.DROP
            || inactive(registry.prefix().address().text()).isPresent()
        ? null
        : new DockerHubRedirect(registry.prefix());
  }

  /// What a runtime that tells repositories apart admits: the allow-list without what is inactive,
  /// and Docker Hub if it is redirected. Sorted; empty without a list.
  public List<RepositoryPrefix> entries() {
    List<RepositoryPrefix> list = regime.rules().allowed();
    if (list == null) {
      return List.of();
    }
    Stream<RepositoryPrefix> active =
        list.stream().filter(entry -> inactive(entry.address().canonical().text()).isEmpty());
    Stream<RepositoryPrefix> hub =
        redirect() == null
            ? Stream.of()
            : Stream.of(new RepositoryPrefix(DockerHubRedirect.HUB, ""));
    return Stream.concat(active, hub)
        .map(entry -> new RepositoryPrefix(entry.address().canonical(), entry.path()))
        .distinct()
        .sorted(Comparator.comparing(RepositoryPrefix::toString))
        .toList();
  }

  /// The canonical addresses that are admitted; empty without a list. Sorted.
  public List<RegistryAddress> admittedHosts() {
    return entries().stream().map(RepositoryPrefix::address).distinct().sorted().toList();
  }

  /// What the runtime of a host does with an image, where everything can be enforced that
  /// `granularity` allows.
  public HostVerdict judge(String image, Granularity granularity) {
    Optional<RepositoryName> name = ImageReference.parse(image).map(HostRules::exactly);
    return name.map(known -> judge(image, known, granularity))
        .orElseGet(HostVerdict.Malformed::new);
  }

  // As the runtime compares it: the host in the case in which it is written.
  private static RepositoryName exactly(ImageReference reference) {
    return new RepositoryName(reference.host(), reference.repository());
  }

  private HostVerdict judge(String image, RepositoryName name, Granularity granularity) {
    DockerHubRedirect redirect = redirect();
    Optional<String> redirected = redirect == null ? Optional.empty() : redirect.rewrite(image);
    if (redirected.isPresent()) {
      return new HostVerdict.Redirected(redirected.get());
    }
    return denies ? listed(name, granularity) : open(name);
  }

  private HostVerdict open(RepositoryName name) {
    Optional<Map.Entry<RegistryAddress, String>> inactive = inactive(lower(name));
    if (inactive.isPresent()) {
      return new HostVerdict.InactiveButOpen(inactive.get().getKey(), inactive.get().getValue());
    }
    return regime.rules().allowed() == null
        ? new HostVerdict.Unlimited()
        : new HostVerdict.NotEnforced();
  }

  private HostVerdict listed(RepositoryName name, Granularity granularity) {
    Comparator<RepositoryPrefix> longest = Comparator.comparingInt(entry -> entry.path().length());
    Optional<RepositoryPrefix> covering =
        entries().stream().filter(entry -> entry.covers(name)).max(longest);
    if (covering.isPresent()) {
      return new HostVerdict.Listed(covering.get());
    }
    return entries().stream()
        .filter(entry -> granularity == Granularity.HOST && isAt(entry, name.host()))
        .findFirst()
        .<HostVerdict>map(HostVerdict.WithWholeHost::new)
        .orElseGet(() -> denied(name));
  }

  private static boolean isAt(RepositoryPrefix entry, String host) {
    return entry.address().text().equals(host);
  }

  private HostVerdict denied(RepositoryName name) {
    Optional<Map.Entry<RegistryAddress, String>> inactive = inactive(lower(name));
    if (inactive.isPresent()) {
      return new HostVerdict.Inactive(inactive.get().getKey(), inactive.get().getValue());
    }
    boolean otherCase = !lower(name).equals(name.host());
    return entries().stream()
        .filter(entry -> otherCase && isAt(entry, lower(name)))
        .findFirst()
        .<HostVerdict>map(entry -> new HostVerdict.OtherCase(entry.address()))
        .orElseGet(HostVerdict.NotListed::new);
  }

  private static String lower(RepositoryName name) {
    return name.host().toLowerCase(Locale.ROOT);
  }

  private Optional<Map.Entry<RegistryAddress, String>> inactive(String host) {
    return regime.rules().inactive().entrySet().stream()
        .filter(entry -> RepositoryName.isOf(entry.getKey().text(), host))
        .findFirst();
  }

  /// A verdict for people, in one sentence that names image, rule and environment; then what to do.
  public String explain(String image, HostVerdict verdict) {
    return HostWording.of(this, verdict).on(image);
  }
}
