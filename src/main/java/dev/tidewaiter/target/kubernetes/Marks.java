package dev.tidewaiter.target.kubernetes;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The labels and annotations by which an object says whose it is.
final class Marks {
  static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  static final String TIDEWAITER = "tidewaiter";
  static final String INSTANCE = "tidewaiter.dev/instance";
  static final String ENVIRONMENT = "tidewaiter.dev/environment";

  /// The object's own namespace and name, or the name alone where there is no namespace. In a copy
  /// it names the original, so a copy is not ours: replicators copy labels and annotations along.
  static final String SELF = "tidewaiter.dev/self";

  /// Set by the owner of a foreign object that may become ours: `true` or `replace`.
  static final String ADOPT = "tidewaiter.dev/adopt";

  /// When a pull Secret was first found to have lost its place, in ISO 8601.
  static final String RETIRED_AT = "tidewaiter.dev/retired-at";

  /// On a ServiceAccount: which of its `imagePullSecrets` are whose, as a JSON object from
  /// `instance/environment` to names.
  static final String PULL_SECRETS = "tidewaiter.dev/pull-secrets";

  /// On a pull Secret: which of its entries were minted, for whom and until when. See
  /// [MintRecords].
  static final String MINTED = "tidewaiter.dev/minted";

  /// On a policy or binding: what it means, as a JSON object of its fields. See [Rules].
  static final String RULES = "tidewaiter.dev/rules";

  private Marks() {}

  /// Whose an object is.
  record Owner(String instance, String environment) {
    boolean is(String instance, String environment) {
      return this.instance.equals(instance) && this.environment.equals(environment);
    }

    /// For people of one instance: its own environments by name alone.
    String describedTo(String reader) {
      return instance.equals(reader)
          ? environment
          : "instance " + instance + ", environment " + environment;
    }
  }

  /// @return empty for an object that lacks a mark, or is a copy of one of ours
  static Optional<Owner> ownerOf(JsonNode metadata) {
    JsonNode labels = metadata.path("labels");
    String instance = Json.string(labels, INSTANCE);
    String environment = Json.string(labels, ENVIRONMENT);
    boolean ours =
        Json.string(labels, MANAGED_BY).equals(TIDEWAITER)
            && !instance.isEmpty()
            && !environment.isEmpty()
            && annotation(metadata, SELF).equals(self(metadata));
    return ours ? Optional.of(new Owner(instance, environment)) : Optional.empty();
  }

  static String annotation(JsonNode metadata, String name) {
    return Json.string(metadata.path("annotations"), name);
  }

  static String self(JsonNode metadata) {
    String namespace = Json.string(metadata, "namespace");
    String name = Json.string(metadata, "name");
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }

  /// Marks an object, new or adopted, as an environment's.
  static void mark(ObjectNode metadata, Owner owner, String self) {
    ObjectNode labels = metadata.putObject("labels");
    labels.put(MANAGED_BY, TIDEWAITER);
    labels.put(INSTANCE, owner.instance());
    labels.put(ENVIRONMENT, owner.environment());
    metadata.putObject("annotations").put(SELF, self);
  }

  /// In a merge patch: takes all marks away.
  static void unmark(ObjectNode metadata) {
    ObjectNode labels = metadata.putObject("labels");
    labels.putNull(MANAGED_BY).putNull(INSTANCE).putNull(ENVIRONMENT);
    metadata
        .putObject("annotations")
        .putNull(SELF)
        .putNull(RETIRED_AT)
        .putNull(MINTED)
        .putNull(RULES);
  }
}
