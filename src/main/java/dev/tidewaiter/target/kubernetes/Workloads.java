package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.policy.Workload;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// Lists what runs in a cluster, or will be started again. Of each page of the API server's answers
/// only what counts is kept.
///
/// What has no replicas now counts: whoever scales it up makes pods of it. What is being deleted
/// does not, nor do pods and Jobs at their end.
final class Workloads {
  private static final int PAGE = 250;

  private final Api api;

  Workloads(Api api) {
    this.api = api;
  }

  /// @param known how many namespaces the cluster has
  List<Workload> in(Set<String> namespaces, int known) throws ApiException {
    var tally = new WorkloadTally();
    boolean whole = isCheaperWhole(namespaces.size(), known);
    for (WorkloadKind kind : WorkloadKind.values()) {
      for (String scope : whole ? Set.of("") : new TreeSet<>(namespaces)) {
        list(
            kind,
            scope,
            object -> {
              String namespace = Json.string(object.path("metadata"), "namespace");
              if (namespaces.contains(namespace)) {
                tally.add(kind, object);
              }
            });
      }
    }
    return tally.workloads();
  }

  /// Whether to list the whole cluster, and leave out what was not asked for. Measured: a namespace
  /// by itself takes 15 ms, for its seven requests; an object 0.1 ms, so that a namespace of 50
  /// takes 5 ms in a list of all. A list of all also loads the server with what is not needed.
  private static boolean isCheaperWhole(int asked, int known) {
    return asked * 4 > known;
  }

  private void list(WorkloadKind kind, String namespace, Consumer<JsonNode> each)
      throws ApiException {
    String next = "";
    do {
      String path = kind.path(namespace) + "&limit=" + PAGE + "&continue=" + Call.encode(next);
      Reply reply = api.send(Call.get(path));
      if (reply.code() == 404) {
        // A server without this sort of workload.
        return;
      }
      JsonNode page = reply.orThrow("list " + kind.plural());
      page.path("items").forEach(each);
      next = Json.string(page.path("metadata"), "continue");
    } while (!next.isEmpty());
  }
}
