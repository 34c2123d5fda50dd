package dev.tidewaiter.target.host.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Capability;
import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.Payload;
import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Seal;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostTarget;
import dev.tidewaiter.target.host.LocalFiles;
import dev.tidewaiter.target.host.StateStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KubeletRuntimeTest {
  private static final ResourceId FILE =
      new ResourceId(ResourceKind.NODE_CREDENTIALS, "kubelet", "var/lib/kubelet/config.json");
  private static final Compiled.Payloads PAYLOADS =
      (_, _) ->
          new Payload.Auth(
              new Credential(Secret.of("puller"), Secret.of("of the node"), null, null));

  @TempDir private Path directory;
  private Path root;
  private Path file;
  private KubeletRuntime runtime;
  private HostTarget target;

  @BeforeEach
  void createHost() throws IOException {
    root = Files.createDirectories(directory.resolve("root"));
    file = root.resolve(FILE.name());
    var changes = new FileChanges(new LocalFiles(root), StateStore.in(directory.resolve("state")));
    runtime = new KubeletRuntime(changes, Sealer.withRandomKey());
    target =
        new HostTarget(new HostTarget.Identity("node", root, Map.of()), changes, List.of(runtime));
  }

  @Test
  void isThereWhereItsDirectoryIs() throws Exception {
    assertThat(runtime.facts()).isEmpty();
    Files.createDirectories(file.getParent());
    var facts = runtime.facts().orElseThrow();
    assertThat(facts.capabilities()).containsExactly(Capability.NODE_CREDENTIALS);
    assertThat(facts.toString()).contains("every five minutes");
  }

  @Test
  void keepsWhatOthersHaveThereAndGoesWithoutATrace() throws Exception {
    Files.createDirectories(file.getParent());
    String theirs =
        "{\"credHelpers\": {\"quay.test\": \"ecr\"}, \"auths\": {\"theirs.test\": {\"auth\":"
            + " \"YTpi\"}}}";
    Files.writeString(file, theirs);
    assertThat(apply()).isEqualTo(new Outcome.Applied());
    assertThat(file).content().contains("\"theirs.test\": {\"auth\": \"YTpi\"}", "cHVsbGVyO");
    assertThat(target.apply("production", new Change.Prune(FILE), PAYLOADS))
        .isEqualTo(new Outcome.Applied());
    assertThat(file).hasContent(theirs);
  }

  @Test
  void letsNobodyElseReadANewFile() throws Exception {
    Files.createDirectories(file.getParent());
    assertThat(apply()).isEqualTo(new Outcome.Applied());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void letsNobodyElseReadWhatItWritesIntoAFile() throws Exception {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{}");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Object owner = Files.getAttribute(file, "unix:uid");
    assertThat(apply()).isEqualTo(new Outcome.Applied());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(owner);
    assertThat(apply()).isEqualTo(new Outcome.Applied());
    assertThat(target.apply("production", new Change.Prune(FILE), PAYLOADS))
        .isEqualTo(new Outcome.Applied());
    assertThat(file).hasContent("{}");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r--r--");
  }

  @Test
  void leavesTheModeOfAFileThatSomebodyChangedAfterwards() throws Exception {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{}");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(apply()).isEqualTo(new Outcome.Applied());
    Files.writeString(
        file, Files.readString(file).replaceFirst("\\{", "{\"credHelpers\": {\"a.test\": \"b\"},"));
    assertThat(target.apply("production", new Change.Prune(FILE), PAYLOADS))
        .isEqualTo(new Outcome.Applied());
    assertThat(file).content().contains("credHelpers").doesNotContain("quay.test");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"config.json", ".docker/config.json", "root/.docker/config.json", ".dockercfg"})
  void hidesNoCredentialsThatTheKubeletReadsNow(String other) throws Exception {
    Files.createDirectories(file.getParent());
    Path theirs = root.resolve(other);
    Files.createDirectories(theirs.getParent());
    Files.writeString(theirs, "{\"auths\": {\"theirs.test\": {\"auth\": \"YTpi\"}}}");
    assertThat(apply()).isInstanceOfSatisfying(Outcome.Failed.class, this::isUnsafe);
    assertThat(file).doesNotExist();
    Files.writeString(file, "{}");
    assertThat(apply()).isEqualTo(new Outcome.Applied());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"no base64!\"", "\"bm8gY29sb24=\"", "1"})
  void refusesAFileThatTheKubeletWouldPassOver(String auth) throws Exception {
    Files.createDirectories(file.getParent());
    String theirs = "{\"auths\": {\"theirs.test\": {\"auth\": " + auth + "}}}";
    Files.writeString(file, theirs);
    assertThat(apply()).isInstanceOfSatisfying(Outcome.Failed.class, this::isUnsafe);
    assertThat(file).hasContent(theirs);
  }

  @Test
  void withdrawsNothingWhileItsDirectoryIsNotMounted() throws Exception {
    Files.createDirectories(file.getParent());
    assertThat(apply()).isEqualTo(new Outcome.Applied());
    Path away = Files.move(file.getParent(), directory.resolve("not mounted"));
    Files.createDirectory(file.getParent());
    assertThat(target.apply("production", new Change.Prune(FILE), PAYLOADS))
        .isInstanceOfSatisfying(Outcome.Failed.class, this::isUnsafe);
    Files.delete(file.getParent());
    Files.move(away, file.getParent());
    assertThat(target.apply("production", new Change.Prune(FILE), PAYLOADS))
        .isEqualTo(new Outcome.Applied());
    assertThat(file).doesNotExist();
  }

  @Test
  void makesNoDirectoryOfTheKubelet() throws Exception {
    assertThat(apply()).isInstanceOfSatisfying(Outcome.Failed.class, this::isUnsafe);
    assertThat(root).isEmptyDirectory();
  }

  private Outcome apply() {
    var fields =
        new TreeMap<String, FieldValue>(
            Map.of("auths/quay.test", new FieldValue.Sealed(new Seal("as compiled"))));
    return target.apply("production", new Change.Create(FILE, fields), PAYLOADS);
  }

  private void isUnsafe(Outcome.Failed failed) {
    assertThat(failed.reason()).isEqualTo(FailureReason.Unsafe);
    assertThat(failed.detail()).contains("/var/lib/kubelet");
  }
}
