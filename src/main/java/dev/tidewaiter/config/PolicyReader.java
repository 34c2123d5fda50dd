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
      check(document, "/spec/defaultRegistry", defaultRegistry);
    }
    List<String> allowed = spec.textsOrNull("allowedRegistries");
    if (allowed != null) {
      for (int i = 0; i < allowed.size(); i++) {
        check(document, "/spec/allowedRegistries/" + i, allowed.get(i));
      }
    }
    return problems.size() > before
        ? null
        : new RegistryPolicy(
            document.name(),
            document.placeOf("/metadata/name"),
            defaultRegistry,
            spec.word("libraryPrefix", LibraryPrefix.class),
            allowed,
            spec.word("enforcement", RegistryPolicy.Enforcement.class),
            spec.texts("exemptNamespaces"),
            activation(spec.in("activation")));
  }

  private static RegistryPolicy.Activation activation(Fields activation) {
    return new RegistryPolicy.Activation(
        activation.number("maxDenied"), activation.text("approve"));
  }

  private void check(Document document, String pointer, String text) {
    String what = "`" + Pointers.path(pointer) + "` does not have the right form.";
    RepositoryPrefix.mistakeIn(text)
        .ifPresent(hint -> problems.add(new Problem(document.placeOf(pointer), what, hint)));
  }
}
