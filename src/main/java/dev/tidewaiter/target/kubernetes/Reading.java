package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.desired.Clause;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.Issuance;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Seal;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.plan.Holding.Adoption;
import dev.tidewaiter.target.kubernetes.Seen.Identity;
import dev.tidewaiter.target.kubernetes.Seen.SeenAccount;
import dev.tidewaiter.target.kubernetes.Seen.SeenNamespace;
import dev.tidewaiter.target.kubernetes.Seen.SeenPolicy;
import dev.tidewaiter.target.kubernetes.Seen.SeenSecret;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reduces the API server's objects to what is kept of them.
final class Reading {
  /// Rancher puts a namespace into a project by this annotation.
  ///
  /// Source: [Rancher, projects and
  /// namespaces](https://ranchermanager.docs.rancher.com/how-to-guides/new-user-guides/manage-namespaces).
  private final Sealer sealer;

  Reading(Sealer sealer) {
    this.sealer = sealer;
  }

  static SeenNamespace namespace(JsonNode object) {
    JsonNode metadata = object.path("metadata");
    var labels = new TreeMap<String, String>();
    for (var label : metadata.path("labels").properties()) {
      labels.put(label.getKey(), label.getValue().asString(""));
    }
    boolean terminating =
        metadata.has("deletionTimestamp")
            || Json.string(object.path("status"), "phase").equals("Terminating");
    return new SeenNamespace(
        identity(metadata),
        Map.copyOf(labels),
        Marks.annotation(metadata, Clause.Projects.KEY),
        terminating);
  }

  static SeenAccount account(JsonNode object) {
    JsonNode metadata = object.path("metadata");
    var entries = new ArrayList<String>();
    for (JsonNode entry : object.path("imagePullSecrets")) {
      entries.add(Json.string(entry, "name"));
    }
    return new SeenAccount(
        identity(metadata),
        List.copyOf(entries),
        recorded(Marks.annotation(metadata, Marks.PULL_SECRETS)),
        writer(metadata));
  }

  /// The annotation's content; what is malformed in it records nothing.
  private static Map<String, List<String>> recorded(String annotation) {
    var recorded = new HashMap<String, List<String>>();
    if (!annotation.isEmpty()) {
      for (var owner : Json.parse(annotation).properties()) {
        var names = new ArrayList<String>();
        owner.getValue().forEach(name -> names.add(name.asString("")));
        recorded.put(owner.getKey(), List.copyOf(names));
      }
    }
    return Map.copyOf(recorded);
  }

  static SeenPolicy policy(ResourceKind kind, JsonNode object) {
    JsonNode metadata = object.path("metadata");
    Rules rules = Rules.of(kind, metadata);
    return new SeenPolicy(
        identity(metadata),
        Marks.ownerOf(metadata).orElse(null),
        rules,
        !rules.isRenderedAs(object.path("spec")),
        writer(metadata));
  }

  SeenSecret secret(JsonNode object) {
    return secret(object, identity -> fields(identity, object));
  }

  /// What an object is that was just written.
  ///
  /// @param written the content that was sent, and its fields: to seal what came back as it was
  ///   sent would only give the same seals again
  SeenSecret secret(JsonNode object, String written, SortedMap<String, FieldValue> fields) {
    JsonNode data = object.path("data");
    boolean asSent = data.size() == 1 && Json.string(data, DockerConfig.KEY).equals(written);
    return asSent && !hasMinted(fields) ? secret(object, _ -> fields) : secret(object);
  }

  /// Whether what is observed depends on what is recorded, too.
  private static boolean hasMinted(SortedMap<String, FieldValue> fields) {
    return fields.values().stream().anyMatch(FieldValue.Minted.class::isInstance);
  }

  private static SeenSecret secret(
      JsonNode object, Function<Identity, SortedMap<String, FieldValue>> fields) {
    JsonNode metadata = object.path("metadata");
    Identity identity = identity(metadata);
    String type = Json.string(object, "type");
    boolean ours = type.equals(DockerConfig.TYPE);
    return new SeenSecret(
        identity,
        type.intern(),
        ours ? Marks.ownerOf(metadata).orElse(null) : null,
        ours ? adoption(Marks.annotation(metadata, Marks.ADOPT)) : Adoption.FORBIDDEN,
        object.path("immutable").asBoolean(false),
        writer(metadata),
        Marks.annotation(metadata, Marks.RETIRED_AT),
        fields.apply(identity));
  }

  private SortedMap<String, FieldValue> fields(Identity identity, JsonNode object) {
    var id = new ResourceId(ResourceKind.PULL_SECRET, identity.namespace(), identity.name());
    boolean ours = Marks.ownerOf(object.path("metadata")).isPresent();
    Content content = ours ? Content.of(object) : Content.foreign(object);
    DockerConfig config = content.config();
    var fields = new TreeMap<String, FieldValue>();
    for (String key : config.keys()) {
      String field = PullSecrets.FIELD + key;
      Seal seal = sealer.seal(id, field, config.sealable(key));
      fields.put(field.intern(), value(seal, content.records().find(key)));
    }
    // An adoption would lose the first, and not understand the second.
    if (config.hasMore()) {
      fields.put("more/" + DockerConfig.KEY, new FieldValue.Plain("present"));
    }
    if (object.path("data").size() > 1) {
      fields.put("more/data", new FieldValue.Plain("present"));
    }
    return fields;
  }

  private static FieldValue value(Seal seal, @Nullable Issuance issuance) {
    return issuance == null ? new FieldValue.Sealed(seal) : new FieldValue.Minted(seal, issuance);
  }

  private static Adoption adoption(String annotation) {
    return switch (annotation) {
      case "true" -> Adoption.IF_NOTHING_IS_LOST;
      case "replace" -> Adoption.REPLACE;
      // Whatever else somebody wrote there, it is no permission.
      default -> Adoption.FORBIDDEN;
    };
  }

  /// Who else wrote it last, as `metadata.managedFields` says; empty if nobody is named, or we
  /// wrote last. Times have whole seconds: within one, the other is named. The API server tracks no
  /// managers of what was created with a name alone, such as the `default` ServiceAccount.
  private static String writer(JsonNode metadata) {
    String writer = "";
    String latest = "";
    for (JsonNode entry : metadata.path("managedFields")) {
      String manager = Json.string(entry, "manager");
      boolean ours = manager.equals(Marks.TIDEWAITER);
      // RFC 3339 in UTC with seconds sorts as text.
      int order = Json.string(entry, "time").compareTo(latest);
      if (order > 0 || (order == 0 && !ours)) {
        latest = Json.string(entry, "time");
        writer = ours ? "" : manager;
      }
    }
    return writer.intern();
  }

  static Identity identity(JsonNode metadata) {
    return new Identity(
        Json.string(metadata, "namespace").intern(),
        Json.string(metadata, "name").intern(),
        Json.string(metadata, "uid"),
        version(Json.string(metadata, "resourceVersion")));
  }

  static long version(String resourceVersion) {
    return resourceVersion.matches("[0-9]{1,19}") ? Long.parseUnsignedLong(resourceVersion) : 0;
  }
}
