package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {
  @TempDir private Path directory;
  private RegistryFixture fixture;

  @BeforeEach
  void makeInstallation() throws IOException {
    fixture = new RegistryFixture(directory);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void namesTheDeclarationThatServesAnImageAndWhyOthersDoNot() throws IOException {
    fixture
        .repository()
        .write("registries/new.yaml", fixture.registry("lab-new", "{}"))
        .write(
            "registries/off.yaml",
            fixture.registry("lab-off", "{}").replace("spec:\n", "spec:\n  state: Inactive\n"))
        .write(
            "environments.yaml",
            """
            apiVersion: tidewaiter.dev/v1
            kind: Environment
            metadata: {name: production}
            spec: {registries: [lab, lab-new, lab-off, other], namespaces: {names: [shop]}}
            """)
        .commit("A newer registry of the same address");
    Files.delete(directory.resolve("secrets/password"));
    Shell.Ended explain = fixture.run("explain", fixture.address() + "/acme/base");
    assertThat(explain.err()).isEmpty();
    assertThat(explain.out().replace(fixture.address(), "ADDRESS").replace(directory + "", "DIR"))
        .isEqualTo(
            """
            ADDRESS/acme/base:latest
              in production: Registry lab-new serves ADDRESS
                declared: registries/new.yaml:3:18
                credential: basic
                  basic.password: file:DIR/secrets/password
                note: pods must name the pull Secret `registry-credentials` themselves: no \
            ServiceAccount has it, and it is not injected
                not lab (registries/lab.yaml:3:18): superseded by lab-new
                not lab-off (registries/off.yaml:3:18): it is inactive
                of other addresses: other (registries/other.yaml:3:18, serves other.example)
            """);
    assertThat(explain.exitCode()).isZero();
  }

  @Test
  void demandsNothingOfPodsWhereThereAreNone() throws IOException {
    fixture
        .repository()
        .write(
            "environments.yaml",
            """
            apiVersion: tidewaiter.dev/v1
            kind: Environment
            metadata: {name: production}
            spec: {registries: [lab], hosts: {selector: {matchLabels: {role: worker}}}}
            """)
        .commit("Hosts alone");
    Shell.Ended explain = fixture.run("explain", fixture.address() + "/acme/base");
    assertThat(explain.out()).contains("Registry lab serves").doesNotContain("pods");
  }

  @Test
  void asksTheRegistryOnlyIfItIsToVerify() throws IOException {
    String image = fixture.address() + "/acme/base:1";
    Shell.Ended found = fixture.run("explain", image, "--verify", "-e", "production");
    assertThat(found.out()).contains("    verified: found " + RegistryFixture.DIGEST);
    assertThat(found.exitCode()).isZero();
    Shell.Ended missing =
        fixture.run("explain", image.replace(":1", ":2"), "--verify", "-n", "shop");
    assertThat(missing.exitCode()).isEqualTo(5);
    fixture.password("wrong: must not be shown");
    Shell.Ended refused = fixture.run("explain", image, "--verify", "-n", "shop", "-o", "yaml");
    assertThat(refused.out()).contains("result: refused").doesNotContain("must not be shown");
    assertThat(refused.exitCode()).isEqualTo(5);
    assertThat(fixture.run("explain", image, "-n", "shop").exitCode()).isZero();
  }

  @Test
  void narrowsToANamespaceAndToTheHost() {
    String image = "other.example/acme/base:1";
    assertThat(fixture.run("explain", image).out())
        .contains("in production: Registry other")
        .contains("in staging: Registry other");
    assertThat(fixture.run("explain", image, "-n", "shop").out()).doesNotContain("staging");
    assertThat(fixture.run("explain", image, "--host").out())
        .contains("This instance has no host")
        .contains("no environment: pulled as anybody");
    assertThat(fixture.run("explain", image, "-n", "cart").exitCode()).isEqualTo(2);
  }

  @Test
  void asksTheRuntimesOfTheHost() throws IOException {
    var host = new HostFixture(directory.resolve("host"));
    host.repository()
        .write(
            "environment.yaml",
            HostFixture.environment("policy: limited\n  registries: [lab]")
                + """
                ---
                apiVersion: tidewaiter.dev/v1
                kind: RegistryPolicy
                metadata: {name: limited}
                spec: {allowedRegistries: ["lab.example:5000"]}
                """)
        .commit("Limit hosts");
    Shell.Ended explain = host.run("explain", "quay.io/acme/base", "--host");
    assertThat(explain.err()).isEmpty();
    assertThat(explain.out())
        .startsWith(
            """
            quay.io/acme/base:latest
              in production: no registry serves quay.io
                on docker, which was not asked: not denied, though it should be: image \
            "quay.io/acme/base" is not allowed on hosts of environment "production": policy \
            "limited" allows only images from lab.example:5000.""")
        .contains("\n      cannot: the allow-list: ");
    assertThat(host.run("explain", "lab.example:5000/app", "--host", "-o", "json").out())
        .contains("\"verdict\" : \"Allowed\"", "\"capability\" : \"AllowList\"");
    assertThat(host.run("explain", "lab.example:5000/app", "--host", "-o", "markdown").out())
        .contains("  - on docker, which was not asked: allowed: image ");
    assertThat(host.run("explain", "lab.example:5000/app").out()).doesNotContain("on docker");
  }

  @Test
  void saysWhatTheRulesMakeOfAnImageAndWhereTheyAreDeclared() throws IOException {
    fixture
        .repository()
        .write(
            "policies.yaml",
            """
            apiVersion: tidewaiter.dev/v1
            kind: RegistryPolicy
            metadata: {name: limited}
            spec:
              defaultRegistry: other.example/hub
              allowedRegistries: [other.example]
              exemptNamespaces: [desk]
            """)
        .write(
            "environments.yaml",
            """
            apiVersion: tidewaiter.dev/v1
            kind: Environment
            metadata: {name: production}
            spec: {registries: [lab, other], policy: limited, namespaces: {names: [shop, desk]}}
            """)
        .commit("Limit production");
    assertThat(fixture.run("explain", "nginx", "-n", "shop").out())
        .isEqualTo(
            """
            docker.io/library/nginx:latest
              in production: Registry other serves other.example
                pulled through the default registry: other.example/hub/library/nginx
                allowed (policies.yaml:3:18): image "other.example/hub/library/nginx" is allowed in \
            environment "production": policy "limited" allows images from other.example.
                declared: registries/other.yaml:3:18
                credential: anonymous
                of other addresses: lab (registries/lab.yaml:3:18, serves ADDRESS)
            """
                .replace("ADDRESS", fixture.address()));
    assertThat(fixture.run("explain", "quay.io/acme/base", "-n", "shop").out())
        .contains(
            "    denied (policies.yaml:3:18): image \"quay.io/acme/base\" is not allowed in environment"
                + " \"production\"");
    assertThat(fixture.run("explain", "quay.io/acme/base", "-n", "desk").out())
        .contains("note: namespace desk is exempt: no policy holds there")
        .doesNotContain("denied");
  }

  @Test
  void showsEveryEnvironmentWhoseRulesHoldInANamespace() throws CommandFailure {
    fixture
        .repository()
        .write(
            "environments.yaml",
            """
            apiVersion: tidewaiter.dev/v1
            kind: RegistryPolicy
            metadata: {name: limited}
            spec: {allowedRegistries: [other.example]}
            ---
            apiVersion: tidewaiter.dev/v1
            kind: Environment
            metadata: {name: production}
            spec: {registries: [other], policy: limited, namespaces: {names: [trial]}}
            ---
            apiVersion: tidewaiter.dev/v1
            kind: Environment
            metadata: {name: staging}
            spec:
              registries: [lab]
              policy: limited
              namespaces: {selector: {matchLabels: {stage: test}}}
            """)
        .commit("Claim a namespace twice");
    var file = directory.resolve("clusters.json");
    new SnapshotFile(file).write(ImpactFixture.snapshot(ImpactFixture.TAKEN));
    String snapshot = file.toString();
    assertThat(
            fixture
                .run("explain", "quay.io/acme/base", "-n", "trial", "--snapshot", snapshot)
                .out())
        .containsSubsequence("in production:", "    denied", "in staging:", "    denied")
        .contains(
            "note: on cluster/prod: its rules hold in namespace trial, and it delivers"
                + " nothing there, which is claimed by production, staging\n");
  }

  @Test
  void saysIfNobodyServesAnImage() {
    assertThat(fixture.run("explain", "nginx").out())
        .startsWith("docker.io/library/nginx:latest\n")
        .contains("in production: no registry serves docker.io: pulled as anybody");
  }

  @Test
  void refusesWhatIsNoImage() {
    Shell.Ended explain = fixture.run("explain", "https://quay.io/acme");
    assertThat(explain.exitCode()).isEqualTo(2);
    assertThat(explain.err()).contains("no image reference");
  }

  @Test
  void saysWhyNothingIsInForce() throws IOException {
    Files.writeString(
        fixture.configuration(),
        Files.readString(fixture.configuration()).replace("file://", "file:///absent"));
    assertThat(fixture.run("explain", "nginx").exitCode()).isEqualTo(4);
  }
}
