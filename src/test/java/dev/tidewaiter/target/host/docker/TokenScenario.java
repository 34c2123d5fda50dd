package dev.tidewaiter.target.host.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Seal;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.testbed.DockerdServer;
import dev.tidewaiter.testbed.IsolatedJvm;
import dev.tidewaiter.testbed.RegistryServer;
import dev.tidewaiter.testbed.TestCertificates;
import dev.tidewaiter.testbed.TokenIssuer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// A registry that wants tokens, with a private CA: the engine gets one by the login of a user,
/// also after a rotation, and none by the header of the machine.
record TokenScenario(IsolatedDocker host, DockerdServer engine) {
  private static final String REGISTRY = IsolatedJvm.ADDRESS + ":5445";
  private static final String IMAGE = REGISTRY + "/demo/hello:1";
  private static final String CAME = "Status: Downloaded newer image";
  private static final ResourceId ALICE =
      new ResourceId(ResourceKind.USER_CREDENTIALS, "docker", "alice");
  private static final Change LOGIN = IsolatedDocker.create(ALICE, "auths/" + REGISTRY);

  void run() throws Exception {
    Path directory = Files.createDirectories(host.directory().resolve("tokens"));
    TestCertificates authority = TestCertificates.create(directory);
    TestCertificates.Issued issued = authority.server(IsolatedJvm.ADDRESS);
    RegistryServer.store(directory, "demo/hello", "1");
    Map<Path, String> before = IsolatedDocker.tree();
    try (var issuer =
            TokenIssuer.start(IsolatedJvm.ADDRESS, issued, authority.ca(), "puller:right");
        RegistryServer _ =
            RegistryServer.start(
                directory,
                RegistryServer.Options.plain(IsolatedJvm.ADDRESS, 5445)
                    .withTls(issued.certificate(), issued.key())
                    .withTokensOf(issuer))) {
      host.applied(
          GovernanceScenario.certificate(REGISTRY), GovernanceScenario.text(authority.ca()));
      ignoresTheHeaderOfTheMachine();
      assertThat(host.pullsByClient(IMAGE)).as("nobody").doesNotContain(CAME);
      host.applied(LOGIN, LoginScenario.auth("right"));
      pulls();
      issuer.replaceAccount("puller:rotated");
      assertThat(host.pullsByClient(IMAGE)).as("rotated").doesNotContain(CAME);
      host.applied(LOGIN, LoginScenario.auth("rotated"));
      pulls();
    }
    host.applied(new Change.Prune(ALICE));
    if (readsHosts()) {
      host.applied(new Change.Prune(GovernanceScenario.hosts(REGISTRY)));
    }
    host.applied(new Change.Prune(GovernanceScenario.certificateId(REGISTRY)));
    assertThat(IsolatedDocker.tree()).isEqualTo(before);
  }

  private boolean readsHosts() {
    return host.kind() == IsolatedDocker.Kind.STORE;
  }

  private void ignoresTheHeaderOfTheMachine() throws Exception {
    if (readsHosts()) {
      Change.Create plain =
          GovernanceScenario.reached(
              REGISTRY, "https://" + REGISTRY + " ca=/etc/docker/certs.d/" + REGISTRY + "/ca.crt");
      var fields = new TreeMap<>(plain.fields());
      fields.put("authorization/1", new FieldValue.Sealed(new Seal("as compiled")));
      host.applied(new Change.Create(plain.id(), fields), LoginScenario.auth("right"));
      assertThat(engine.pulls(REGISTRY + "/demo/hello", "1")).as("with the header").isFalse();
    }
  }

  private void pulls() throws Exception {
    assertThat(host.pullsByClient(IMAGE)).as(engine.log()).contains(CAME);
    engine.forget(IMAGE);
  }
}
