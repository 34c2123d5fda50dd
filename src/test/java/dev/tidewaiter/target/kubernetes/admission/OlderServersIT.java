package dev.tidewaiter.target.kubernetes.admission;

import static dev.tidewaiter.target.kubernetes.admission.Environments.NONE;
import static dev.tidewaiter.target.kubernetes.admission.Environments.allowing;
import static dev.tidewaiter.target.kubernetes.admission.Environments.keeping;
import static dev.tidewaiter.target.kubernetes.admission.Environments.standard;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Clause;
import dev.tidewaiter.desired.PolicyObject;
import dev.tidewaiter.testbed.KubeApiServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Servers of before `MutatingAdmissionPolicy` was generally available, emulated by the newest.
class OlderServersIT {
  private static final String HUB = "registry.acme.example/hub/";

  @TempDir private Path directory;

  /// The emulation of 1.34 cannot do without `v1` beside it, so that `v1beta1` alone is not to be
  /// had; its expressions are compiled as 1.34 would.
  @Test
  void takesTheDefaultPolicyInItsBetaVersion() {
    List<String> options =
        List.of(
            "--emulated-version=1.34",
            "--emulation-forward-compatible=true",
            "--feature-gates=MutatingAdmissionPolicy=true",
            "--runtime-config=admissionregistration.k8s.io/v1beta1=true");
    try (var running = KubeApiServer.start(directory, options)) {
      var server = new PolicyServer(running);
      String namespace = server.namespace();
      var policy = standard(keeping("registry.acme.example/hub"), "first");
      server.create("tidewaiter.beta", policy, "v1beta1");
      var clause = new Clause.Names(List.of(namespace));
      server.create(
          "tidewaiter.beta", new PolicyObject.DefaultBinding("tidewaiter.beta", clause), "v1beta1");
      server.awaitDefault(namespace, "nginx", HUB + "library/nginx");

      // Image volumes came with 1.35.
      var pod = Pods.withInit(Pods.running("quay.io/app", "app"), "init");
      var answer = server.dryRun(namespace, pod);

      assertThat(answer.images("containers")).containsExactly("quay.io/app", HUB + "library/app");
      assertThat(answer.images("initContainers")).containsExactly(HUB + "library/init");
      assertThat(answer.pullSecrets()).containsExactly("first");
    }
  }

  @Test
  void hasNoDefaultPolicyAndStillTheAllowPolicy() {
    try (var running = KubeApiServer.start(directory, List.of("--emulated-version=1.33"))) {
      var server = new PolicyServer(running);
      var policy = standard(keeping("registry.acme.example/hub"));
      assertThat(server.tryCreate("tidewaiter.none", policy, "v1").status()).isEqualTo(404);
      assertThat(server.tryCreate("tidewaiter.none", policy, "v1beta1").status()).isEqualTo(404);

      String namespace = server.namespace();
      var clause = new Clause.Names(List.of(namespace));
      var rules = allowing("registry.acme.example");
      new Environments(server)
          .bind(
              new PolicyObject.Allow(rules, NONE, keeping("registry.acme.example/hub")),
              clause,
              PolicyObject.Actions.DENY);
      server.awaitDenials(namespace);

      assertThat(server.dryRun(namespace, Pods.running("acme/app")).message())
          .contains("instead of \"acme/app\" write \"registry.acme.example/hub/acme/app\"");
      assertThat(server.dryRun(namespace, Pods.running("registry.acme.example/app")).status())
          .isEqualTo(201);
    }
  }
}
