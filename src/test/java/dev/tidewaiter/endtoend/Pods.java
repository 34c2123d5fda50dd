package dev.tidewaiter.endtoend;

import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;

/// What developers run in one namespace.
record Pods(String namespace) {
  /// What became of a new pod.
  ///
  /// @param refusal what the developer reads; empty if it was admitted
  /// @param image what it would pull
  /// @param pullSecrets with which
  record Answer(String refusal, String image, List<String> pullSecrets) {
    boolean isRefused() {
      return !refusal.isEmpty();
    }
  }

  private static Pod pod(String name, String image) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("app")
        .withImage(image)
        .endContainer()
        .endSpec()
        .build();
  }

  /// Asks for a pod that is not made.
  Answer ask(String image) {
    try {
      Pod made =
          Servers.cluster()
              .admin()
              .pods()
              .inNamespace(namespace)
              .resource(pod("asked", image))
              .dryRun()
              .create();
      return new Answer(
          "",
          made.getSpec().getContainers().getFirst().getImage(),
          made.getSpec().getImagePullSecrets().stream()
              .map(LocalObjectReference::getName)
              .toList());
    } catch (KubernetesClientException e) {
      return new Answer(String.valueOf(e.getStatus().getMessage()), "", List.of());
    }
  }

  /// Makes a pod, and never starts it: there is no node.
  void create(String name, String image) {
    Servers.cluster().admin().pods().inNamespace(namespace).resource(pod(name, image)).create();
  }

  /// The name of the owner's team changes.
  void label(String name, String team) {
    Servers.cluster()
        .admin()
        .pods()
        .inNamespace(namespace)
        .withName(name)
        .edit(
            pod ->
                new PodBuilder(pod).editMetadata().addToLabels("team", team).endMetadata().build());
  }

  /// A Deployment without its controller, which is not there.
  void deploy(String name, String image) {
    Servers.cluster()
        .admin()
        .apps()
        .deployments()
        .inNamespace(namespace)
        .resource(
            new DeploymentBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withReplicas(1)
                .withNewSelector()
                .withMatchLabels(Map.of("app", name))
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", name)
                .endMetadata()
                .withSpec(pod(name, image).getSpec())
                .endTemplate()
                .endSpec()
                .build())
        .serverSideApply();
  }
}
