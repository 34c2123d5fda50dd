package dev.tidewaiter.target;

import dev.tidewaiter.model.Secret;
import org.jspecify.annotations.Nullable;

/// A pull Secret that a cluster has, whoever wrote it.
///
/// @param keeper who writes it anew whenever it is gone, in words; null if nobody is known to
/// @param content the JSON of its one key; empty if that is missing
public record ExistingPullSecret(
    String namespace, String name, Form form, @Nullable String keeper, Secret content) {
  /// What its content looks like.
  public enum Form {
    /// `kubernetes.io/dockerconfigjson`: entries below `auths`.
    DOCKER_CONFIG_JSON,
    /// `kubernetes.io/dockercfg`, of old: the entries alone.
    DOCKER_CFG
  }
}
