package dev.tidewaiter.config;

import dev.tidewaiter.model.Place;
import dev.tidewaiter.model.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// What can be told of a document that its schema refuses, whatever else is wrong with it: an
/// author should not have to correct it twice.
final class Regardless {
  private static final String NAME = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

  private Regardless() {}

  /// A name that a document refers to.
  record Mention(Kind kind, String name, Place place) {}

  /// Certificates that are none, which may be a private key, and contradictions.
  static List<Problem> problemsOf(Document document, Kind kind) {
    return switch (kind) {
      case REGISTRY ->
          Stream.of("/spec/tls/ca", "/spec/tls/clientCertificate/cert")
              .flatMap(pointer -> CertificateText.problem(document, pointer).stream())
              .toList();
      case ENVIRONMENT -> contradiction(document);
      case REGISTRY_POLICY, DAEMON -> List.of();
    };
  }

  private static List<Problem> contradiction(Document document) {
    String pointer = "/spec/serviceAccounts";
    JsonNode accounts = document.root().at(pointer);
    boolean all = accounts.path("all").isBoolean() && accounts.path("all").asBoolean();
    JsonNode names = accounts.path("names");
    return all && names.isArray() && !names.isEmpty()
        ? List.of(
            new Problem(
                document.placeOf(pointer),
                "`" + Pointers.path(pointer) + "` has both `all` and `names`.",
                "Write one of the two."))
        : List.of();
  }

  /// The names in their places, as far as they are names: the schema tells of what else is there,
  /// and it may be a secret.
  static List<Mention> mentionsOf(Document document, Kind kind) {
    var mentions = new ArrayList<Mention>();
    if (kind == Kind.ENVIRONMENT) {
      JsonNode registries = document.root().at("/spec/registries");
      for (int i = 0; registries.isArray() && i < registries.size(); i++) {
        add(mentions, Kind.REGISTRY, document, "/spec/registries/" + i);
      }
      add(mentions, Kind.REGISTRY_POLICY, document, "/spec/policy");
    }
    return mentions;
  }

  private static void add(List<Mention> mentions, Kind kind, Document document, String pointer) {
    JsonNode name = document.root().at(pointer);
    if (name.isString() && name.asString().matches(NAME)) {
      mentions.add(new Mention(kind, name.asString(), document.placeOf(pointer)));
    }
  }
}
