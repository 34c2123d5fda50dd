package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.testbed.KubeApiServer;
import tools.jackson.databind.JsonNode;

/// Makes workloads in a namespace, as little of each as the API server takes.
final class WorkloadMaker {
  private static final String APPS = "apps/v1";

  private final KubeApiServer server;
  private final String namespace;

  WorkloadMaker(KubeApiServer server, String namespace) {
    this.server = server;
    this.namespace = namespace;
  }

  /// An entry of `ownerReferences`.
  static String owner(String kind, String name, String uid) {
    return """
    {"apiVersion": "apps/v1", "kind": "%s", "name": "%s", "uid": "%s", "controller": true}
    """
        .formatted(kind, name, uid);
  }

  String deployment(String name, int replicas, String image) {
    String spec = "\"replicas\": " + replicas + ", " + template(image);
    return create(APPS, "deployments", "Deployment", name, "", spec);
  }

  void statefulSet(String name, String image) {
    String spec = "\"serviceName\": \"any\", " + template(image);
    create(APPS, "statefulsets", "StatefulSet", name, "", spec);
  }

  void daemonSet(String name, String image) {
    create(APPS, "daemonsets", "DaemonSet", name, "", template(image));
  }

  String replicaSet(String name, String owner, int replicas, String image) {
    String spec = "\"replicas\": " + replicas + ", " + template(image);
    return create(APPS, "replicasets", "ReplicaSet", name, owner, spec);
  }

  void job(String name, String image) {
    create("batch/v1", "jobs", "Job", name, "", jobSpec(image));
  }

  void cronJob(String name, String image) {
    String spec =
        """
        "schedule": "0 1 * * *", "jobTemplate": {"spec": {%s}}
        """
            .formatted(jobSpec(image));
    create("batch/v1", "cronjobs", "CronJob", name, "", spec);
  }

  void pod(String name, String owner, String... images) {
    create("v1", "pods", "Pod", name, owner, containers(images));
  }

  /// @param owner an entry of `ownerReferences`; empty for none
  /// @param spec the fields of `spec`
  /// @return its UID
  String create(
      String version, String plural, String kind, String name, String owner, String spec) {
    String object =
        """
        {"apiVersion": "%s", "kind": "%s", "metadata": {"name": "%s", "ownerReferences": [%s]},
         "spec": {%s}}
        """
            .formatted(version, kind, name, owner, spec);
    String path =
        (version.equals("v1") ? "/api/" : "/apis/")
            + version
            + "/namespaces/"
            + namespace
            + "/"
            + plural;
    JsonNode created = Json.parse(server.admin().raw(path, "POST", object));
    return Json.string(created.path("metadata"), "uid");
  }

  private static String template(String image) {
    return """
    "selector": {"matchLabels": {"app": "any"}},
    "template": {"metadata": {"labels": {"app": "any"}}, "spec": {%s}}
    """
        .formatted(containers(image));
  }

  private static String jobSpec(String image) {
    return """
    "template": {"spec": {"restartPolicy": "Never", %s}}
    """
        .formatted(containers(image));
  }

  /// The first is named as in a template, so that it is the same container.
  private static String containers(String... images) {
    var containers = new StringBuilder();
    for (int i = 0; i < images.length; i++) {
      containers
          .append(i == 0 ? "" : ", ")
          .append("{\"name\": \"c%d\", \"image\": \"%s\"}".formatted(i, images[i]));
    }
    return "\"containers\": [" + containers + "]";
  }
}
