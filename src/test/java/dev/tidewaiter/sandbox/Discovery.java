package dev.tidewaiter.sandbox;

import java.util.Map;
import java.util.Optional;

/// What an API server says of itself, so that kubectl finds its way: the few resources that the
/// sandbox needs. fabric8's mock would answer with every object it has.
///
/// Source: [API discovery](https://kubernetes.io/docs/concepts/overview/kubernetes-api/).
final class Discovery {
  private static final Map<String, String> DOCUMENTS =
      Map.of(
          "/version",
          """
          {"major": "1", "minor": "34", "gitVersion": "v1.34.0-sandbox"}
          """,
          "/api",
          """
          {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []}
          """,
          "/apis",
          """
          {"kind": "APIGroupList", "apiVersion": "v1", "groups": []}
          """,
          "/api/v1",
          """
          {"kind": "APIResourceList", "groupVersion": "v1", "resources": [%s, %s, %s, %s]}
          """
              .formatted(
                  resource("namespaces", "ns", "Namespace", false),
                  resource("serviceaccounts", "sa", "ServiceAccount", true),
                  resource("secrets", "secret", "Secret", true),
                  resource("configmaps", "cm", "ConfigMap", true)));

  private Discovery() {}

  private static String resource(String name, String brief, String kind, boolean namespaced) {
    return """
    {"name": "%s", "singularName": "%s", "shortNames": ["%s"], "kind": "%s", "namespaced": %b,
     "verbs": ["create", "delete", "get", "list", "patch", "update"]}\
    """
        .formatted(name, kind.toLowerCase(java.util.Locale.ROOT), brief, kind, namespaced);
  }

  /// @param path without query
  static Optional<String> answer(String path) {
    return Optional.ofNullable(DOCUMENTS.get(path));
  }
}
