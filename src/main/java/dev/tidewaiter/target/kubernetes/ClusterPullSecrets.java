package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.model.Secret;
import dev.tidewaiter.target.ExistingPullSecret;
import dev.tidewaiter.target.ExistingPullSecret.Form;
import dev.tidewaiter.target.PullSecretSource;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.target.kubernetes.ClusterSettings.Access;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The pull Secrets of one cluster, listed by their types, page by page.
public final class ClusterPullSecrets implements PullSecretSource {
  private static final int PAGE = 500;

  /// How often a list is begun anew because its pages took too long for the API server.
  private static final int ATTEMPTS = 3;

  /// OpenShift makes one Secret for each ServiceAccount, of old by the first annotation and since
  /// 4.16 by the second: they are for its own registry.
  private static final List<String> OF_OPENSHIFT =
      List.of(
          "openshift.io/token-secret.name",
          "openshift.io/internal-registry-auth-token.service-account");

  private final String cluster;
  private final Api api;
  private final List<String> namespaces;
  private final int page;

  /// @param page how many Secrets are asked for at once
  ClusterPullSecrets(String cluster, Api api, List<String> namespaces, int page) {
    this.cluster = cluster;
    this.api = api;
    this.namespaces = List.copyOf(namespaces);
    this.page = page;
  }

  /// @param namespaces where to look; empty for everywhere
  /// @param environment the process's, for the API server's address within a cluster
  /// @throws IOException if the kubeconfig is of no use, whatever the cluster answers; with a
  ///   message for people
  public static ClusterPullSecrets open(
      ClusterSettings settings,
      List<String> namespaces,
      InstantSource clock,
      Map<String, String> environment)
      throws IOException {
    switch (settings.access()) {
      case Access.Kubeconfig(Path file, String context) -> Kubeconfig.load(file, context, clock);
      case Access.InCluster _ -> {}
    }
    var connection = new Connection(settings, environment, clock);
    return new ClusterPullSecrets(settings.cluster(), new Api(connection), namespaces, PAGE);
  }

  @Override
  public List<ExistingPullSecret> find() throws TargetException {
    var found = new ArrayList<ExistingPullSecret>();
    List<String> paths =
        namespaces.isEmpty()
            ? List.of("api/v1/secrets")
            : namespaces.stream().map(Call::secrets).toList();
    try {
      for (String path : paths) {
        for (Form form : Form.values()) {
          found.addAll(list(path, form));
        }
      }
    } catch (ApiException e) {
      throw new TargetException(
          (cluster.isEmpty() ? "the cluster" : "cluster/" + cluster)
              + ": cannot "
              + e.getMessage()
              + ".",
          e.isDenied(),
          e);
    }
    found.sort(
        Comparator.comparing(ExistingPullSecret::namespace)
            .thenComparing(ExistingPullSecret::name));
    return found;
  }

  private List<ExistingPullSecret> list(String path, Form form) throws ApiException {
    for (int attempt = 1; ; attempt++) {
      try {
        return pages(path, form);
      } catch (ApiException e) {
        if (!e.isGone() || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private List<ExistingPullSecret> pages(String path, Form form) throws ApiException {
    String query = "?fieldSelector=" + Call.encode("type=" + type(form)) + "&limit=" + page;
    var found = new ArrayList<ExistingPullSecret>();
    String next = "";
    do {
      String from = next.isEmpty() ? "" : "&continue=" + Call.encode(next);
      JsonNode list = api.read(path + query + from, "list secrets");
      for (JsonNode secret : list.path("items")) {
        found.add(existing(secret, form));
      }
      next = Json.string(list.path("metadata"), "continue");
    } while (!next.isEmpty());
    return found;
  }

  private static ExistingPullSecret existing(JsonNode secret, Form form) {
    JsonNode metadata = secret.path("metadata");
    return new ExistingPullSecret(
        Json.string(metadata, "namespace"),
        Json.string(metadata, "name"),
        form,
        keeper(metadata),
        content(Json.string(secret.path("data"), key(form))));
  }

  private static @Nullable String keeper(JsonNode metadata) {
    if (Marks.ownerOf(metadata).isPresent()) {
      return "tidewaiter";
    }
    boolean openShift =
        OF_OPENSHIFT.stream().anyMatch(name -> !Marks.annotation(metadata, name).isEmpty());
    return openShift ? "OpenShift" : null;
  }

  private static Secret content(String base64) {
    try {
      return Secret.of(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException _) {
      return Secret.of("");
    }
  }

  private static String type(Form form) {
    return switch (form) {
      case DOCKER_CONFIG_JSON -> DockerConfig.TYPE;
      case DOCKER_CFG -> "kubernetes.io/dockercfg";
    };
  }

  private static String key(Form form) {
    return switch (form) {
      case DOCKER_CONFIG_JSON -> DockerConfig.KEY;
      case DOCKER_CFG -> ".dockercfg";
    };
  }

  @Override
  public void close() {
    api.close();
  }
}
