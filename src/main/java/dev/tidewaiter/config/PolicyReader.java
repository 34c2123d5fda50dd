package dev.tidewaiter.config;

import dev.tidewaiter.model.Problem;
import dev.tidewaiter.policy.LibraryPrefix;
import dev.tidewaiter.policy.RepositoryPrefix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A document of kind RegistryPolicy, valid by its schema, to the declaration.
final class PolicyReader {
  private final List<Problem> problems;

  /// @param problems receives what the schema could not see
  PolicyReader(List<Problem> problems) {
    this.problems = problems;
  }

  /// @return null if there was a problem
  @Nullable RegistryPolicy read(Document document, Fields spec) {
    int before = problems.size();
    String defaultRegistry = spec.textOrNull("defaultRegistry");
    if (defaultRegistry != null) {
      check(spec, "defaultRegistry", defaultRegistry);
    }
    List<String> allowed = spec.textsOrNull("allowedRegistries");
    if (allowed != null) {
      allowed.forEach(text -> check(spec, "allowedRegistries", text));
    }
    return problems.size() > before
        ? null
        : new RegistryPolicy(
            document.name(),
            document.placeOf("/metadata/name"),
            defaultRegistry,
            LibraryPrefix.KEEP,
            allowed,
            RegistryPolicy.Enforcement.DENY,
            List.of(),
            RegistryPolicy.Activation.DEFAULT);
  }

  private void check(Fields spec, String field, String text) {
    RepositoryPrefix.mistakeIn(text)
        .ifPresent(hint -> problems.add(spec.problem(field, "does not have the right form", hint)));
  }
}
