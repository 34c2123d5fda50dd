package dev.tidewaiter.target.host.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Capability;
import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.Payload;
import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.testbed.DockerdServer;
import dev.tidewaiter.testbed.Matrix;
import dev.tidewaiter.testbed.RegistryServer;
import java.nio.file.Files;
import java.nio.file.Path;

/// The login of a user, by which the packaged client pulls.
record LoginScenario(IsolatedDocker host, DockerdServer engine) {
  private static final int PORT = 5001;
  private static final String IMAGE = "127.0.0.1:" + PORT + "/demo/hello:1";
  private static final String CAME = "Status: Downloaded newer image";
  private static final ResourceId ALICE =
      new ResourceId(ResourceKind.USER_CREDENTIALS, "docker", "alice");
  private static final Change LOGIN = IsolatedDocker.create(ALICE, "auths/127.0.0.1:" + PORT);

  void run() throws Exception {
    Path directory = Files.createDirectories(host.directory().resolve("login"));
    RegistryServer.store(directory, "demo/hello", "1");
    Path account = RegistryServer.account(directory, "puller", "right");
    var options = RegistryServer.Options.plain("127.0.0.1", PORT).withPasswords(account);
    try (RegistryServer _ = RegistryServer.start(directory, options)) {
      assertThat(host.pullsByClient(IMAGE)).as("before").doesNotContain(CAME);
      host.applied(LOGIN, auth("wrong"));
      assertThat(host.pullsByClient(IMAGE)).as("wrong password").doesNotContain(CAME);
      host.applied(LOGIN, auth("right"));
      assertThat(host.pullsByClient(IMAGE)).contains(CAME);
      engine.forget(IMAGE);
      host.applied(new Change.Prune(ALICE));
      assertThat(host.pullsByClient(IMAGE)).as("after").doesNotContain(CAME);
    }
    assertThat(Path.of("/run/alice")).isEmptyDirectory();
    Matrix.tested("docker", host.facts().version(), Capability.USER_CREDENTIALS);
  }

  static Compiled.Payloads auth(String password) {
    return (_, _) -> new Payload.Auth(credential(password));
  }

  static Credential credential(String password) {
    return new Credential(Secret.of("puller"), Secret.of(password), null, null);
  }
}
