package dev.tidewaiter.target.host.docker;

import static dev.tidewaiter.target.host.docker.TestHost.ALICE;
import static dev.tidewaiter.target.host.docker.TestHost.ENVIRONMENT;
import static dev.tidewaiter.target.host.docker.TestHost.auth;
import static dev.tidewaiter.target.host.docker.TestHost.writes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.testbed.RegistryServer;
import dev.tidewaiter.testbed.TestBed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is written into `config.json`, read by a real client for a real registry.
class UserCredentialsIT {
  @TempDir private Path directory;

  @Test
  void logsAClientInUntilItIsWithdrawn() throws Exception {
    int port = TestBed.freePort();
    String address = "127.0.0.1:" + port;
    TestHost host = TestHost.create(directory);
    Files.createDirectories(host.configJson().getParent());
    Files.writeString(host.configJson(), "{\"detachKeys\": \"ctrl-e,e\"}");
    RegistryServer.store(directory, "demo/hello", "1");
    var options = RegistryServer.Options.plain("127.0.0.1", port).withPasswords(passwords());
    try (RegistryServer _ = RegistryServer.start(directory, options)) {
      assertThat(inspects(host, address)).as("before").isFalse();
      assertThat(
              host.target()
                  .apply(ENVIRONMENT, writes(ALICE, "auths/" + address), auth("wrong: must fail")))
          .isEqualTo(new Outcome.Applied());
      assertThat(inspects(host, address)).as("with a wrong password").isFalse();
      assertThat(
              host.target()
                  .apply(ENVIRONMENT, writes(ALICE, "auths/" + address), auth("right: with colon")))
          .isEqualTo(new Outcome.Applied());
      assertThat(inspects(host, address)).as("with ours").isTrue();
      assertThat(host.target().apply(ENVIRONMENT, new Change.Prune(ALICE), (_, _) -> null))
          .isEqualTo(new Outcome.Applied());
      assertThat(inspects(host, address)).as("after").isFalse();
      assertThat(host.configJson()).hasContent("{\"detachKeys\": \"ctrl-e,e\"}");
    }
  }

  private Path passwords() throws Exception {
    Path file = directory.resolve("htpasswd");
    String htpasswd = TestBed.installed("/usr/bin/htpasswd").toString();
    assertThat(run(List.of(htpasswd, "-cbB", file.toString(), "puller", "right: with colon")))
        .isZero();
    return file;
  }

  private boolean inspects(TestHost host, String address) throws Exception {
    var command = new ArrayList<String>();
    command.add(TestBed.installed("/usr/bin/skopeo").toString());
    command.addAll(List.of("inspect", "--raw", "--tls-verify=false"));
    command.addAll(List.of("--authfile", host.configJson().toString()));
    command.add("docker://" + address + "/demo/hello:1");
    return run(command) == 0;
  }

  private int run(List<String> command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("output.log").toFile())
        .start()
        .waitFor();
  }
}
