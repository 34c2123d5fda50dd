package dev.tidewaiter.policy;

import dev.tidewaiter.model.RegistryAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// The rules of one environment on images. The same rules are rendered to CEL for API servers; one
/// table of cases holds the two together.
///
/// An image is judged as it is written, after the default registry has been applied: no image
/// reference is denied; then one of an inactive registry; then one that no entry of the list
/// covers. Hosts are compared without case, both names of Docker Hub are one, and for an inactive
/// registry `:443` is left out of account on both sides, since the registry is the same, and an
/// inactive Docker Hub is denied by all of its hosts.
///
/// An empty image is denied here; API servers never ask, because they refuse it themselves.
///
/// @param policy the declaration's name; empty if the environment has none, and only inactive
///   registries are denied
/// @param allowed null for no limit; never empty
/// @param inactive names of declarations by the address they deny: not those that another active
///   registry of the environment has
public record RuleBook(
    String environment,
    String policy,
    @Nullable List<RepositoryPrefix> allowed,
    SortedMap<RegistryAddress, String> inactive) {

  /// Whether there is nothing that it could deny, so that it needs no policy in a cluster.
  public boolean isOpen() {
    return allowed == null && inactive.isEmpty();
  }

  /// Of several entries that admit an image, the one with the longest path is named.
  public Verdict judge(String image) {
    if (isOpen()) {
      return new Verdict.Allowed(null);
    }
    return RepositoryName.of(image).map(this::judge).orElseGet(Verdict.Malformed::new);
  }

  private Verdict judge(RepositoryName name) {
    List<RepositoryPrefix> list = allowed;
    Optional<Verdict> inactive = inactive(name);
    if (inactive.isPresent()) {
      return inactive.get();
    }
    return list == null ? new Verdict.Allowed(null) : listed(list, name);
  }

  private Optional<Verdict> inactive(RepositoryName name) {
    return inactive.entrySet().stream()
        .filter(entry -> RepositoryName.isOf(entry.getKey().text(), name.host()))
        .findFirst()
        .map(entry -> new Verdict.Inactive(entry.getKey(), entry.getValue()));
  }

  private static Verdict listed(List<RepositoryPrefix> list, RepositoryName name) {
    return list.stream()
        .filter(prefix -> prefix.covers(name))
        .max(Comparator.comparingInt(prefix -> prefix.path().length()))
        .<Verdict>map(Verdict.Allowed::new)
        .orElseGet(Verdict.NotListed::new);
  }

  /// A verdict for a developer who has never heard of Tidewaiter, in one sentence that names image,
  /// rule and environment; then what to do. The cluster's own messages are made of the same
  /// [Wording].
  public String explain(String image, Verdict verdict) {
    return Wording.of(this, verdict).on(image);
  }
}
