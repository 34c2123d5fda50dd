package dev.tidewaiter.target.kubernetes;

import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The sorts of objects that make pods, and pods, each after what may own it.
enum WorkloadKind {
  DEPLOYMENT("Deployment", "apis/apps/v1", "deployments"),
  STATEFUL_SET("StatefulSet", "apis/apps/v1", "statefulsets"),
  DAEMON_SET("DaemonSet", "apis/apps/v1", "daemonsets"),
  CRON_JOB("CronJob", "apis/batch/v1", "cronjobs"),
  REPLICA_SET("ReplicaSet", "apis/apps/v1", "replicasets"),
  JOB("Job", "apis/batch/v1", "jobs"),
  POD("Pod", "api/v1", "pods");

  private final String word;
  private final String api;
  private final String plural;

  WorkloadKind(String word, String api, String plural) {
    this.word = word;
    this.api = api;
    this.plural = plural;
  }

  String word() {
    return word;
  }

  /// As in paths and RBAC.
  String plural() {
    return plural;
  }

  /// @param namespace empty for all of the cluster
  String path(String namespace) {
    String scope = namespace.isEmpty() ? "" : "/namespaces/" + Call.encode(namespace);
    String path = api + scope + "/" + plural + "?";
    // The server need not send pods that are at their end.
    return this == POD
        ? path + "fieldSelector=" + Call.encode("status.phase!=Succeeded,status.phase!=Failed")
        : path;
  }

  /// The `spec` that pods are made from.
  JsonNode podSpec(JsonNode object) {
    JsonNode spec = object.path("spec");
    return switch (this) {
      case POD -> spec;
      case CRON_JOB -> spec.path("jobTemplate").path("spec").path("template").path("spec");
      case DEPLOYMENT, STATEFUL_SET, DAEMON_SET, REPLICA_SET, JOB ->
          spec.path("template").path("spec");
    };
  }

  /// Whether no pod will come of it any more.
  boolean isOver(JsonNode object) {
    JsonNode status = object.path("status");
    return object.path("metadata").has("deletionTimestamp")
        || switch (this) {
          case POD -> Set.of("Succeeded", "Failed").contains(Json.string(status, "phase"));
          case JOB -> isFinished(status);
          case DEPLOYMENT, STATEFUL_SET, DAEMON_SET, CRON_JOB, REPLICA_SET -> false;
        };
  }

  /// Source: [Job, terminal
  /// conditions](https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-termination-and-cleanup).
  private static boolean isFinished(JsonNode status) {
    for (JsonNode condition : status.path("conditions")) {
      if (Set.of("Complete", "Failed").contains(Json.string(condition, "type"))
          && Json.string(condition, "status").equals("True")) {
        return true;
      }
    }
    return false;
  }
}
