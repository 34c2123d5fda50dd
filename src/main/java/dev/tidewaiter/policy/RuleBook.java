package dev.tidewaiter.policy;

import dev.tidewaiter.model.RegistryAddress;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// The rules of one environment on images. The same rules are rendered to CEL for API servers; one
/// table of cases holds the two together.
///
/// An image is judged as it is written, after the default registry has been applied: no image
/// reference is denied; then one of an inactive registry; then one that no entry of the list
/// covers. Hosts are compared without case, both names of Docker Hub are one, and for an inactive
/// registry `:443` is left out of account on both sides, since the registry is the same.
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

  public Verdict judge(String image) {
    throw new UnsupportedOperationException("not yet: " + image);
  }

  /// A verdict for a developer who has never heard of Tidewaiter, in one sentence that names image,
  /// rule and environment; then what to do. The cluster's own messages are made of the same words.
  public String explain(String image, Verdict verdict) {
    throw new UnsupportedOperationException("not yet: " + image + verdict + Map.of());
  }
}
