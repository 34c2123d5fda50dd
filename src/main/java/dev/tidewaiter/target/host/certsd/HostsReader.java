package dev.tidewaiter.target.host.certsd;

import dev.tidewaiter.desired.RegistryHost.Endpoint;
import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads the meaning of a `hosts.toml` back, where it has one that a [HostsDocument] can have.
/// Whether the text is exactly ours is for [HostsDocument#isRenderedAs] to say, so nothing is
/// compared here that the rendering compares.
final class HostsReader {
  private static final Set<String> OPTIONS =
      Set.of("capabilities", "override_path", "skip_verify", "ca", "client", "header");
  private static final String BASIC = "Basic ";

  private HostsReader() {}

  static Optional<HostsDocument> read(String registry, FileContent content) {
    Optional<JsonNode> root = HostsFormat.tree(content);
    if (root.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(read(registry, root.get(), content));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// The credentials that a text has by the URL they are for, whatever else it says.
  static Map<String, Credential> credentials(FileContent content) {
    var credentials = new TreeMap<String, Credential>();
    HostsFormat.tree(content)
        .ifPresent(
            root ->
                root.path("host")
                    .forEachEntry(
                        (url, host) ->
                            salvaged(host.path("header"))
                                .ifPresent(credential -> credentials.put(url, credential))));
    return credentials;
  }

  private static Optional<Credential> salvaged(JsonNode header) {
    try {
      return Optional.of(credentialIn(header));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static HostsDocument read(String registry, JsonNode root, FileContent content) {
    JsonNode hosts = root.path("host");
    if (hosts.has(HostsWriter.NOWHERE)) {
      requireDenied(hosts);
      return registry.equals(HostsDocument.DEFAULT)
          ? HostsDocument.denial(admitted(content))
          : HostsDocument.denied(registry);
    }
    var endpoints = new ArrayList<Endpoint>();
    var authorizations = new TreeMap<Integer, Credential>();
    for (Map.Entry<String, JsonNode> host : hosts.properties()) {
      endpoints.add(endpoint(host.getKey(), host.getValue()));
      JsonNode header = host.getValue().path("header");
      if (!header.isMissingNode()) {
        authorizations.put(endpoints.size(), credential(header));
      }
    }
    require(!endpoints.isEmpty());
    return HostsDocument.reached(registry, endpoints, authorizations);
  }

  private static void requireDenied(JsonNode hosts) {
    require(hosts.size() == 1);
    JsonNode capabilities = hosts.path(HostsWriter.NOWHERE).path("capabilities");
    require(capabilities.size() == 1 && capabilities.path(0).asString("").equals("push"));
  }

  private static SortedSet<String> admitted(FileContent content) {
    return new String(content.bytes(), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith(HostsWriter.ADMITS))
        .map(line -> line.substring(HostsWriter.ADMITS.length()))
        .filter(name -> RegistryAddress.mistakeIn(name).isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Endpoint endpoint(String url, JsonNode host) {
    require(OPTIONS.containsAll(host.propertyNames()));
    var endpoint =
        new Endpoint(
            url,
            host.path("override_path").asBoolean(false),
            host.path("skip_verify").asBoolean(false),
            host.has("ca") ? text(host.path("ca")) : null,
            client(host));
    return Endpoint.parse(endpoint.toString());
  }

  private static @Nullable String client(JsonNode host) {
    if (!host.has("client")) {
      return null;
    }
    String certificate = text(host.path("client").path(0).path(0));
    require(certificate.endsWith("/client.cert"));
    return certificate.substring(0, certificate.lastIndexOf('/'));
  }

  private static Credential credential(JsonNode header) {
    require(header.size() == 1);
    return credentialIn(header);
  }

  private static Credential credentialIn(JsonNode header) {
    String value = text(header.path("Authorization"));
    require(value.startsWith(BASIC));
    String pair =
        new String(
            Base64.getDecoder().decode(value.substring(BASIC.length())), StandardCharsets.UTF_8);
    int colon = pair.indexOf(':');
    require(colon >= 0);
    return new Credential(
        Secret.of(pair.substring(0, colon)), Secret.of(pair.substring(colon + 1)), null, null);
  }

  private static String text(JsonNode node) {
    require(node.isString());
    return node.asString("");
  }

  private static void require(boolean condition) {
    if (!condition) {
      throw new IllegalArgumentException("not of our form");
    }
  }
}
