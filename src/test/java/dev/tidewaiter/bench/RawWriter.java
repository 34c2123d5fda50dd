package dev.tidewaiter.bench;

import dev.tidewaiter.testbed.KubeApiServer;
import dev.tidewaiter.testbed.TestBed;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The writer that is compared with: a Go program that sends prepared requests, 64 in flight, and
/// does nothing else.
///
/// The requests are read back from the cluster after the product has made everything: each Secret
/// with its marks and content, without what the server added.
final class RawWriter {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final List<String> ADDED_BY_SERVER =
      List.of("uid", "resourceVersion", "creationTimestamp", "managedFields");

  private final KubeApiServer cluster;
  private final Path requests;
  private final Path log;

  RawWriter(KubeApiServer cluster, Path directory) {
    this.cluster = cluster;
    this.requests = directory.resolve("requests");
    this.log = directory.resolve("rawwriter.log");
    // As the same user, so that the server has the same to authorise.
    cluster.kubeconfig("rawwriter", "CN=" + Scene.USER);
  }

  /// Keeps what exists now as the requests that make it.
  ///
  /// @return how many they are
  int record(List<String> namespaces) {
    try (var out = Files.newBufferedWriter(requests)) {
      int count = 0;
      for (String namespace : namespaces) {
        count += record(namespace, out);
      }
      return count;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int record(String namespace, BufferedWriter out) throws IOException {
    String path = "/api/v1/namespaces/" + namespace + "/secrets";
    JsonNode items = JSON.readTree(cluster.admin().raw(path)).path("items");
    for (JsonNode item : items) {
      var secret = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "Secret");
      secret.setAll((ObjectNode) item);
      ((ObjectNode) secret.path("metadata")).remove(ADDED_BY_SERVER);
      out.write(path + "?fieldManager=tidewaiter\t" + JSON.writeValueAsString(secret) + "\n");
    }
    return items.size();
  }

  /// Sends them all.
  ///
  /// @throws IllegalStateException unless each is answered with 201
  void run() {
    Path directory = cluster.directory();
    var builder =
        new ProcessBuilder(
            TestBed.binary("rawwriter").toString(),
            "https://127.0.0.1:" + cluster.port(),
            cluster.authority().toString(),
            directory.resolve("rawwriter.crt").toString(),
            directory.resolve("rawwriter.key").toString(),
            "64",
            requests.toString());
    try {
      Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(
            "rawwriter failed\n" + Files.readString(log, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
