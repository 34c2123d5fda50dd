package dev.tidewaiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.TidewaiterProcess;
import dev.tidewaiter.testbed.TidewaiterProcess.Result;
import dev.tidewaiter.testbed.VaultServer;
import dev.tidewaiter.testing.Canary;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Moving in: what a cluster has becomes declarations, and these give the same credentials.
class ImportIT {
  private static final String HUB = "https://index.docker.io/v1/";

  private final Tenants tenants = new Tenants();
  private final Canary quay = new Canary("quay");
  private final Canary hub = new Canary("hub");
  private final Canary other = new Canary("other");

  @TempDir private Path directory;

  private Deployment deployment;
  private Path declarations;

  @BeforeEach
  void deploy() {
    deployment = Deployment.in(directory);
    deployment.vaultToken(VaultServer.ROOT_TOKEN);
    declarations = directory.resolve("declarations");
  }

  @AfterEach
  void close() {
    deployment.close();
  }

  @Test
  void whatIsImportedIsAcceptedAndAppliedAndGivesTheSameCredentials() throws IOException {
    String one = tenants.add("default");
    String two = tenants.add("default");
    String three = tenants.add("default");
    write(one, "kubernetes.io/dockerconfigjson", auths(HUB, hub, "quay.io", quay));
    write(two, "kubernetes.io/dockercfg", entries("docker.io", hub, "https://quay.io/v2/", quay));
    write(three, "kubernetes.io/dockerconfigjson", auths("quay.io", other, "quay.io/acme", quay));

    Result imported = importing("--write-to-vault");

    assertThat(imported.exitCode()).as(imported.output()).isZero();
    assertNoSecretIn(imported.output());
    assertThat(imported.stdout()).contains("quay.io/acme", "has 2 credentials");
    assertThat(files(declarations))
        .containsExactly(
            "environments/testbed-2.yaml",
            "environments/testbed.yaml",
            "registries/docker-hub.yaml",
            "registries/quay-io-2.yaml",
            "registries/quay-io.yaml");
    assertAccepted();

    apply();

    assertThat(tenants.passwords(one)).isEqualTo(Map.of(HUB, hub.value(), "quay.io", quay.value()));
    assertThat(tenants.passwords(two)).isEqualTo(tenants.passwords(one));
    assertThat(tenants.passwords(three)).isEqualTo(Map.of("quay.io", other.value()));

    declarations = directory.resolve("again");
    Result again = importing("--write-to-vault");
    assertThat(again.exitCode()).as(again.output()).isZero();
    assertThat(again.stdout())
        .contains("Unchanged", "It is written by tidewaiter.")
        .doesNotContain("Written");
  }

  @Test
  void withoutVaultTheSecretsAreInFilesThatOnlyTheOwnerReads() throws IOException {
    write(tenants.add(), "kubernetes.io/dockerconfigjson", auths(HUB, hub, "quay.io", quay));
    Result imported = importing();
    assertThat(imported.exitCode()).as(imported.output()).isZero();
    assertNoSecretIn(imported.output());
    assertAccepted();
    Path secrets = directory.resolve("declarations.vault");
    assertThat(files(secrets))
        .containsExactly("docker-hub.json", "quay-io.json", "write-to-vault.sh");
    assertThat(quay.isIn(Files.readString(secrets.resolve("quay-io.json")))).isTrue();
    assertThat(Files.getPosixFilePermissions(secrets.resolve("quay-io.json"))).hasSize(2);
    assertThat(Files.getPosixFilePermissions(secrets)).hasSize(3);
  }

  @Test
  void aDifferentValueInVaultStaysAndIsAConflict() throws IOException {
    write(tenants.add(), "kubernetes.io/dockerconfigjson", auths("quay.io", quay, HUB, hub));
    deployment.password("quay-io", "must not be overwritten");
    Result imported = importing("--write-to-vault");
    assertThat(imported.exitCode()).as(imported.output()).isEqualTo(5);
    assertThat(imported.stdout()).contains("Conflict", "conflict: " + deployment.path("quay-io"));
    assertThat(
            Servers.vault()
                .require("GET", "secret/data/" + deployment.instance() + "/quay-io", "")
                .at("/data/data/password")
                .asString())
        .isEqualTo("must not be overwritten");
  }

  @Test
  void whatCannotBeReadOrWrittenLeavesNothing() throws IOException {
    write(tenants.add(), "kubernetes.io/dockerconfigjson", auths("quay.io", quay, HUB, hub));
    deployment.vaultToken(deployment.readingToken());
    Result denied = importing("--write-to-vault");
    assertThat(denied.exitCode()).as(denied.output()).isEqualTo(4);
    assertThat(denied.stderr()).contains("Grant `create`").doesNotContain("This is a bug");
    String config = deployment.directory().resolve("tidewaiter.yaml").toString();
    String to = declarations.toString();
    for (List<String> which : List.of(List.of("--cluster", "testbed"), List.<String>of())) {
      var arguments = new ArrayList<>(List.of("import", "--config", config, "--to", to));
      arguments.addAll(which);
      Result ofTheDaemon = TidewaiterProcess.run(directory, arguments.toArray(String[]::new));
      assertThat(ofTheDaemon.exitCode()).as(ofTheDaemon.output()).isEqualTo(4);
      assertThat(ofTheDaemon.stderr())
          .contains("cluster/testbed: cannot list secrets", "may list Secrets");
    }
    assertThat(declarations).doesNotExist();
    assertNoSecretIn(denied.output());
  }

  private Result importing(String... more) {
    var arguments =
        new ArrayList<>(
            List.of(
                "import",
                "--config",
                deployment.directory().resolve("tidewaiter.yaml").toString(),
                "--kubeconfig",
                Servers.cluster().kubeconfig("admin", "CN=admin,O=system:masters").toString(),
                "--cluster",
                "testbed",
                "--vault-path-prefix",
                "secret/" + deployment.instance(),
                "--to",
                declarations.toString()));
    tenants.all().forEach(namespace -> arguments.addAll(List.of("--namespace", namespace)));
    arguments.addAll(List.of(more));
    return TidewaiterProcess.run(directory, arguments.toArray(String[]::new));
  }

  private void assertAccepted() {
    Result validated = TidewaiterProcess.run(directory, "validate", declarations.toString());
    assertThat(validated.exitCode()).as(validated.output()).isZero();
  }

  private void apply() throws IOException {
    for (String file : files(declarations)) {
      deployment.repository().write(file, Files.readString(declarations.resolve(file)));
    }
    deployment.commit("Move in");
    Result applied = deployment.apply();
    assertThat(applied.exitCode()).as(applied.output()).isZero();
  }

  private void assertNoSecretIn(String output) {
    List.of(quay, hub, other).forEach(canary -> canary.assertAbsentFrom(output, "the output"));
  }

  private static void write(String namespace, String type, String content) {
    Servers.cluster()
        .admin()
        .secrets()
        .inNamespace(namespace)
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("regcred")
                .endMetadata()
                .withType(type)
                .addToData(
                    type.endsWith("json") ? ".dockerconfigjson" : ".dockercfg", base64(content))
                .build())
        .create();
  }

  private static String auths(String one, Canary first, String two, Canary second) {
    return "{\"auths\":" + entries(one, first, two, second) + "}";
  }

  private static String entries(String one, Canary first, String two, Canary second) {
    return "{\"%s\":{\"auth\":\"%s\"},\"%s\":{\"auth\":\"%s\"}}"
        .formatted(one, base64("me:" + first.value()), two, base64("me:" + second.value()));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}
