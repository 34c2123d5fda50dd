package dev.tidewaiter.target.host.containers;

import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.JsonDocument;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Somebody's `policy.json`: which images may be used, by where they come from. What is not set or
/// removed here stays as it is written, to the letter.
///
/// Read as strictly as its own readers do, who refuse an unknown key and then every pull.
///
/// Source:
/// [containers-policy.json(5)](https://github.com/containers/image/blob/main/docs/containers-policy.json.5.md)
/// and `signature/policy_config.go` of containers/image.
record PolicyDocument(JsonDocument json) {
  /// The transport of registries.
  static final String REGISTRIES = "docker";

  private static final String DEFAULT = "default";
  private static final String TRANSPORTS = "transports";
  private static final JsonNode ACCEPT = requirement("insecureAcceptAnything");
  private static final JsonNode REJECT = requirement("reject");
  private static final Set<String> TYPES =
      Set.of("insecureAcceptAnything", "reject", "signedBy", "signedBaseLayer", "sigstoreSigned");

  /// What becomes of an image that no scope is about.
  enum Default {
    ACCEPT,
    REJECT,
    /// It must be signed.
    SIGNED,
    /// There is none, so it is no policy yet.
    NONE
  }

  private static JsonNode requirement(String type) {
    JsonNodeFactory factory = JsonNodeFactory.instance;
    return factory.arrayNode().add(factory.objectNode().put("type", type));
  }

  /// @param content null for no file, which is no policy: then nothing is pulled
  /// @throws HostFileException if containers/image would not accept it
  static PolicyDocument parse(HostPath path, @Nullable FileContent content)
      throws HostFileException {
    JsonDocument json = JsonDocument.parse(path, Optional.ofNullable(content));
    Optional<String> mistake = content == null ? Optional.empty() : mistake(json.tree());
    if (mistake.isPresent()) {
      throw HostFileException.unsafe(
          path
              + ": "
              + mistake.get()
              + ", so podman and CRI-O pull nothing. Correct it; until then nothing is written.");
    }
    return new PolicyDocument(json);
  }

  private static Optional<String> mistake(JsonNode root) {
    for (String key : root.propertyNames()) {
      if (!key.equals(DEFAULT) && !key.equals(TRANSPORTS)) {
        return Optional.of("it has an unknown key");
      }
    }
    if (!isRequirements(root.path(DEFAULT))) {
      return Optional.of("its `default` is missing or malformed");
    }
    JsonNode transports = root.path(TRANSPORTS);
    boolean sound = transports.isMissingNode() || transports.isObject();
    for (JsonNode transport : transports) {
      sound &= transport.isObject();
      for (JsonNode scope : transport) {
        sound &= isRequirements(scope);
      }
    }
    return sound ? Optional.empty() : Optional.of("its `transports` are malformed");
  }

  private static boolean isRequirements(JsonNode node) {
    boolean sound = node.isArray() && !node.isEmpty();
    for (JsonNode requirement : node) {
      sound &= requirement.isObject() && TYPES.contains(requirement.path("type").asString(""));
    }
    return sound;
  }

  Default fallback() {
    JsonNode value = json.tree().path(DEFAULT);
    if (value.isMissingNode()) {
      return Default.NONE;
    }
    if (value.equals(ACCEPT)) {
      return Default.ACCEPT;
    }
    return rejects(value) ? Default.REJECT : Default.SIGNED;
  }

  // All requirements must be met, so one that rejects is enough.
  private static boolean rejects(JsonNode requirements) {
    for (JsonNode requirement : requirements) {
      if (requirement.equals(REJECT.get(0))) {
        return true;
      }
    }
    return false;
  }

  /// What is asked of images beneath a scope.
  enum Requirement {
    NOTHING,
    SIGNATURE,
    REJECTED
  }

  /// By scope, such as `quay.io/acme`; empty for the whole transport.
  SortedMap<String, Requirement> scopes(String transport) {
    var scopes = new TreeMap<String, Requirement>();
    json.tree()
        .path(TRANSPORTS)
        .path(transport)
        .forEachEntry((scope, value) -> scopes.put(scope, requirementOf(value)));
    return scopes;
  }

  private static Requirement requirementOf(JsonNode value) {
    if (rejects(value)) {
      return Requirement.REJECTED;
    }
    return value.equals(ACCEPT) ? Requirement.NOTHING : Requirement.SIGNATURE;
  }

  /// Whether an image may be pulled, as far as no signature is asked for: the scope with the
  /// longest path decides, then `*.example.com`, then the transport, then the default.
  ///
  /// @param repository `host[:port]/path`
  // `requirementsForImageRef` in signature/policy_eval.go.
  boolean admits(String repository) {
    SortedMap<String, Requirement> scopes = scopes(REGISTRIES);
    for (String scope = repository; ; scope = scope.substring(0, scope.lastIndexOf('/'))) {
      Requirement found = scopes.get(scope);
      if (found != null) {
        return found != Requirement.REJECTED;
      }
      if (scope.indexOf('/') < 0) {
        return admitsHost(scope, scopes);
      }
    }
  }

  private boolean admitsHost(String host, SortedMap<String, Requirement> scopes) {
    int port = host.indexOf(':');
    String name = port < 0 ? host : host.substring(0, port);
    for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      Requirement found = scopes.get("*" + name.substring(dot));
      if (found != null) {
        return found != Requirement.REJECTED;
      }
    }
    Requirement all = scopes.get("");
    return all == null
        ? fallback() == Default.ACCEPT || fallback() == Default.SIGNED
        : all != Requirement.REJECTED;
  }

  PolicyDocument rejecting() throws HostFileException {
    return new PolicyDocument(json.with(List.of(DEFAULT), REJECT));
  }

  /// With the default that another document has; unchanged if that has none.
  PolicyDocument withDefaultOf(PolicyDocument other) throws HostFileException {
    JsonNode value = other.json.tree().path(DEFAULT);
    return value.isMissingNode() || value.equals(json.tree().path(DEFAULT))
        ? this
        : new PolicyDocument(json.with(List.of(DEFAULT), value));
  }

  PolicyDocument accepting(String transport, String scope) throws HostFileException {
    return new PolicyDocument(json.with(List.of(TRANSPORTS, transport, scope), ACCEPT));
  }

  /// Without a scope, and without what it leaves empty unless another document has that too.
  PolicyDocument without(String transport, String scope, PolicyDocument original)
      throws HostFileException {
    JsonDocument next = json.without(List.of(TRANSPORTS, transport, scope));
    JsonNode before = original.json.tree().path(TRANSPORTS);
    if (next.tree().path(TRANSPORTS).path(transport).isEmpty() && !before.has(transport)) {
      next = next.without(List.of(TRANSPORTS, transport));
    }
    if (next.tree().path(TRANSPORTS).isEmpty() && before.isMissingNode()) {
      next = next.without(TRANSPORTS);
    }
    return new PolicyDocument(next);
  }

  FileContent content() {
    return json.content();
  }
}
