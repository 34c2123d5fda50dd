package dev.tidewaiter.config;

import dev.tidewaiter.model.Place;
import dev.tidewaiter.model.Problem;
import java.util.Set;

/// Every name that an environment refers to is declared, also if it has problems itself.
final class ReferenceRules {
  private ReferenceRules() {}

  static void check(Index index) {
    // What an unreadable file declares is not known: a name may be in there.
    if (!index.isComplete()) {
      return;
    }
    for (Environment environment : index.environments().values()) {
      Document document = index.document(Kind.ENVIRONMENT, environment.name());
      for (int i = 0; i < environment.registries().size(); i++) {
        String name = environment.registries().get(i);
        check(index, Kind.REGISTRY, name, document.placeOf("/spec/registries/" + i));
      }
      String policy = environment.policy();
      if (policy != null) {
        check(index, Kind.REGISTRY_POLICY, policy, document.placeOf("/spec/policy"));
      }
    }
    for (Regardless.Mention mention : index.mentions()) {
      check(index, mention.kind(), mention.name(), mention.place());
    }
  }

  private static void check(Index index, Kind kind, String name, Place place) {
    Set<String> names = index.names(kind);
    if (!names.contains(name)) {
      String hint =
          names.isEmpty()
              ? "Declare it: there is no " + kind.word() + " yet."
              : Nearest.hint(name, names);
      index
          .problems()
          .add(new Problem(place, "There is no " + kind.word() + " `" + name + "`.", hint));
    }
  }
}
