package dev.tidewaiter.policy;

import dev.tidewaiter.model.RegistryAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All that an environment does to the images of its pods: where those without a host come from,
/// which are denied, and for which registries there is a credential.
///
/// @param defaultRegistry null for none
/// @param credentials canonical addresses of registries whose credential is delivered
public record Regime(
    RuleBook rules, @Nullable DefaultRegistry defaultRegistry, Set<RegistryAddress> credentials) {
  /// What a new pod would really pull.
  public String admitted(String image) {
    DefaultRegistry registry = defaultRegistry;
    return registry == null ? image : registry.rewrite(image).orElse(image);
  }

  /// What becomes of an image that a new pod names.
  public Verdict judge(String image) {
    return rules.judge(admitted(image));
  }
}
