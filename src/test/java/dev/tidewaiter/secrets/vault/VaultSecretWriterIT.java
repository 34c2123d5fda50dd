package dev.tidewaiter.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Secret;
import dev.tidewaiter.secrets.SecretWriter.Written;
import dev.tidewaiter.testbed.VaultServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Writing to the real Vault.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VaultSecretWriterIT {
  private static final SortedMap<String, Secret> VALUES =
      new TreeMap<>(Map.of("key", Secret.of("{\"a\":\n\"b\"}"), "password", Secret.of("x")));

  @TempDir private Path directory;
  private VaultServer vault;

  @BeforeAll
  void start(@TempDir Path logs) {
    vault = VaultServer.start(logs);
  }

  @AfterAll
  void stop() {
    if (vault != null) {
      vault.close();
    }
  }

  @Test
  void writesWhereNothingIsAndOnlyOnce() throws IOException {
    try (var writer = writer(VaultServer.ROOT_TOKEN)) {
      for (String path : new String[] {"secret/new/quay", "kv1/new/quay"}) {
        assertThat(writer.write(path, VALUES)).isEqualTo(new Written.New());
        assertThat(writer.write(path, VALUES)).isEqualTo(new Written.Same());
      }
    }
    assertThat(vault.require("GET", "kv1/new/quay", "").at("/data/key").asString())
        .isEqualTo("{\"a\":\n\"b\"}");
    var newest = vault.require("GET", "secret/data/new/quay", "");
    assertThat(newest.at("/data/data/password").asString()).isEqualTo("x");
    assertThat(newest.at("/data/metadata/version").asInt()).isEqualTo(1);
  }

  @Test
  void whatIsThereAndDiffersStays() throws IOException {
    vault.writeKv2("secret/taken/quay", Map.of("password", "must not be overwritten"));
    vault.writeKv1("kv1/taken/quay", Map.of("password", "must not be overwritten"));
    vault.writeKv2("secret/deleted/quay", Map.of("password", "must not be overwritten"));
    vault.deleteLatest("secret/deleted/quay");
    try (var writer = writer(VaultServer.ROOT_TOKEN)) {
      for (String path :
          new String[] {"secret/taken/quay", "kv1/taken/quay", "secret/deleted/quay"}) {
        assertThat(writer.write(path, VALUES))
            .isInstanceOfSatisfying(
                Written.Different.class,
                different ->
                    assertThat(different.reason()).startsWith(path + ": ").doesNotContain("must"));
      }
    }
    assertThat(
            vault.require("GET", "secret/data/taken/quay", "").at("/data/data/password").asString())
        .isEqualTo("must not be overwritten");
    assertThat(vault.require("GET", "kv1/taken/quay", "").at("/data/password").asString())
        .isEqualTo("must not be overwritten");
  }

  @Test
  void aSecretWithMoreKeysIsTheSame() throws IOException {
    vault.writeKv2(
        "secret/more/quay", Map.of("password", "x", "key", "{\"a\":\n\"b\"}", "owner", "us"));
    try (var writer = writer(VaultServer.ROOT_TOKEN)) {
      assertThat(writer.write("secret/more/quay", VALUES)).isEqualTo(new Written.Same());
    }
  }

  @Test
  void whoeverMayOnlyCreateStillOverwritesNothing() throws IOException {
    vault.policy(
        "create-only",
        """
        path "secret/data/created/*" { capabilities = ["create", "update"] }
        path "kv1/created/*" { capabilities = ["create", "update"] }
        """);
    vault.writeKv2("secret/created/taken", Map.of("password", "must not be overwritten"));
    try (var writer = writer(vault.token("create-only", Map.of()))) {
      assertThat(writer.write("secret/created/free", VALUES)).isEqualTo(new Written.New());
      assertThat(writer.write("secret/created/taken", VALUES))
          .isInstanceOf(Written.Different.class);
      assertThat(writer.write("kv1/created/free", VALUES))
          .as("nobody can say what would be overwritten")
          .isInstanceOf(Written.Failed.class);
    }
  }

  @Test
  void saysWhatIsInTheWay() throws IOException {
    vault.policy("read-only", "path \"secret/data/*\" { capabilities = [\"read\"] }");
    try (var reading = writer(vault.token("read-only", Map.of()));
        var nobody = writer("not-a-token");
        var root = writer(VaultServer.ROOT_TOKEN)) {
      assertThat(reading.write("secret/denied/quay", VALUES).toString())
          .contains("Grant `create` and `read` on `secret/data/denied/quay`");
      assertThat(nobody.write("secret/denied/quay", VALUES)).isInstanceOf(Written.Failed.class);
      assertThat(root.write("cubbyhole/quay", VALUES).toString()).contains("no KV mount");
      assertThat(root.write("nowhere/quay", VALUES)).isInstanceOf(Written.Failed.class);
    }
  }

  private VaultSecretWriter writer(String token) throws IOException {
    Path file = Files.createTempFile(directory, "token", "");
    var login = new VaultSettings.Login.Token(Files.writeString(file, token));
    return new VaultSecretWriter(
        VaultSettings.of(vault.address(), "", null, null, login),
        System::nanoTime,
        RandomGenerator.getDefault());
  }
}
