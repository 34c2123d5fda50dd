package dev.tidewaiter.target.host.docker;

import static dev.tidewaiter.target.host.docker.TestHost.ALICE;
import static dev.tidewaiter.target.host.docker.TestHost.ENVIRONMENT;
import static dev.tidewaiter.target.host.docker.TestHost.auth;
import static dev.tidewaiter.target.host.docker.TestHost.writes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.FieldChange;
import dev.tidewaiter.target.Outcome.FailureReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Logins of users whose homes are not there: not yet, not now, or not any more.
class UserHomesTest {
  private static final Compiled.Payloads NONE = (_, _) -> null;
  private static final String AUTH = "auths/quay.test";

  @TempDir private Path directory;
  private TestHost host;

  @BeforeEach
  void createHost() throws IOException {
    host = TestHost.create(directory);
  }

  @Test
  void createsNoHome() throws Exception {
    Files.delete(host.root().resolve("home/alice"));
    assertThat(host.failure(writes(ALICE, AUTH), auth("first"))).isEqualTo(FailureReason.Unsafe);
    assertThat(host.root().resolve("home/alice")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void withdrawsNothingWhileAHomeIsNotMounted(boolean isEmptyDirectory) throws Exception {
    host.applied(writes(ALICE, AUTH, "auths/b.test"), auth("first"));
    Path home = host.root().resolve("home/alice");
    Path away = Files.move(home, directory.resolve("not mounted"));
    if (isEmptyDirectory) {
      Files.createDirectory(home);
    }
    for (Change change : List.of(new Change.Prune(ALICE), drops(AUTH), writes(ALICE, AUTH))) {
      assertThat(host.failure(change, auth("second"))).isEqualTo(FailureReason.Unsafe);
    }
    assertThat(host.target().environments()).containsExactly(ENVIRONMENT);
    Files.deleteIfExists(home);
    Files.move(away, home);
    host.applied(drops(AUTH), NONE);
    host.applied(new Change.Prune(ALICE), NONE);
    assertThat(home).isEmptyDirectory();
    assertThat(host.target().environments()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void withdrawsNothingWhileAHomeOfAnOlderRecordIsNotMounted(boolean isEmptyDirectory)
      throws Exception {
    host.applied(writes(ALICE, AUTH), auth("first"));
    forgetVolumes();
    Path home = host.root().resolve("home/alice");
    Path away = Files.move(home, directory.resolve("not mounted"));
    if (isEmptyDirectory) {
      Files.createDirectory(home);
    }
    for (Change change : List.of(new Change.Prune(ALICE), writes(ALICE, AUTH))) {
      assertThat(host.failure(change, auth("second"))).isEqualTo(FailureReason.Unsafe);
    }
    assertThat(host.target().environments()).containsExactly(ENVIRONMENT);
    Files.deleteIfExists(home);
    Files.move(away, home);
    host.applied(new Change.Prune(ALICE), NONE);
    assertThat(home).isEmptyDirectory();
    assertThat(host.target().environments()).isEmpty();
  }

  @Test
  void learnsWhichHomeAnOlderRecordMeansWithTheNextWrite() throws Exception {
    host.applied(writes(ALICE, AUTH), auth("first"));
    forgetVolumes();
    host.applied(writes(ALICE, AUTH), auth("second"));
    Files.delete(host.configJson());
    Files.delete(host.configJson().getParent());
    host.applied(new Change.Prune(ALICE), NONE);
    assertThat(host.target().environments()).isEmpty();
  }

  /// As a release wrote it that did not say yet on which file system a file was.
  private void forgetVolumes() throws IOException {
    Path file = host.state().resolve("host/state.json");
    String without = Files.readString(file).replaceAll(",\\s*\"volume\" : \"[^\"]*\"", "");
    assertThat(Files.readString(file)).contains("\"volume\"");
    assertThat(without).doesNotContain("\"volume\"");
    Files.writeString(file, without);
  }

  @Test
  void waitsForNoHomeOfAUserWhoIsGone() throws Exception {
    host.applied(writes(ALICE, AUTH), auth("first"));
    Files.move(host.root().resolve("home/alice"), directory.resolve("away"));
    Files.writeString(host.root().resolve("etc/passwd"), "");
    host.applied(new Change.Prune(ALICE), NONE);
    assertThat(host.target().environments()).isEmpty();
  }

  @Test
  void withdrawsFromAHomeWhoseFilesWereDeleted() throws Exception {
    host.applied(writes(ALICE, AUTH), auth("first"));
    Files.delete(host.configJson());
    Files.delete(host.configJson().getParent());
    host.applied(new Change.Prune(ALICE), NONE);
    assertThat(host.target().environments()).isEmpty();
  }

  private static Change drops(String field) {
    return new Change.Update(
        ALICE,
        new TreeMap<>(Map.of(field, new FieldChange.Dropped(new FieldValue.Plain("ours")))),
        false);
  }
}
