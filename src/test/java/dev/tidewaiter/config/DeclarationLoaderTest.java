package dev.tidewaiter.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.CredentialSource;
import dev.tidewaiter.model.Place;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.model.Snapshot;
import dev.tidewaiter.model.SnapshotEntry;
import dev.tidewaiter.model.TextSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeclarationLoaderTest {
  private static final String QUAY = Trees.registry("quay", "quay.io");

  private static Loaded load(Snapshot snapshot) {
    return load(snapshot, null);
  }

  private static Loaded load(Snapshot snapshot, @Nullable Declarations inForce) {
    return new DeclarationLoader()
        .load(snapshot, LoadContext.applying(inForce, AdditionOrder.unknown()));
  }

  private static Declarations accepted(Snapshot snapshot) {
    return switch (load(snapshot)) {
      case Loaded.Accepted accepted -> accepted.declarations();
      case Loaded.Rejected(List<Problem> problems) -> throw new AssertionError(problems.toString());
    };
  }

  private static List<String> messages(Loaded loaded) {
    return switch (loaded) {
      case Loaded.Accepted _ -> List.of();
      case Loaded.Rejected(List<Problem> problems) ->
          problems.stream().map(Problem::message).toList();
    };
  }

  private static List<String> notes(Loaded loaded) {
    return switch (loaded) {
      case Loaded.Accepted accepted -> accepted.notes().stream().map(Problem::message).toList();
      case Loaded.Rejected(List<Problem> problems) -> throw new AssertionError(problems.toString());
    };
  }

  @Test
  void acceptsTheSampleConfiguration() throws IOException {
    Declarations sample = accepted(Trees.directory(Path.of("sample-config")));
    assertThat(sample.environments()).containsOnlyKeys("build-hosts", "production");
    assertThat(sample.registries()).hasSizeGreaterThanOrEqualTo(5);
  }

  @Test
  void readsEveryFieldOfARegistry() {
    Registry registry =
        accepted(
                Trees.documents(
                    """
                    apiVersion: tidewaiter.dev/v1
                    kind: Registry
                    metadata: {name: quay}
                    spec:
                      address: quay.io
                      credential:
                        basic:
                          username: acme+puller
                          email: platform@acme.example
                          password: {vault: {path: secret/quay, key: password, version: 3}}
                      tls:
                        ca: {file: /run/ca.pem}
                        clientCertificate: {cert: {file: /run/cert.pem}, key: {file: /run/key.pem}}
                        insecure: true
                    """))
            .registries()
            .values()
            .iterator()
            .next();
    assertThat(registry.place()).isEqualTo(new Place("all.yaml", 3, 18));
    assertThat(registry.credential())
        .isEqualTo(
            new CredentialSource.Basic(
                new TextSource.Inline("acme+puller"),
                new SecretReference.Vault("secret/quay", "password", 3),
                "platform@acme.example"));
    assertThat(registry.tls().insecure()).isTrue();
    assertThat(registry.secretReferences())
        .containsOnlyKeys(
            "spec.credential.basic.password",
            "spec.tls.ca",
            "spec.tls.clientCertificate.cert",
            "spec.tls.clientCertificate.key");
  }

  @Test
  void givesAnEnvironmentItsDefaults() {
    Environment environment =
        accepted(Trees.documents(Trees.environment("production", "{}")))
            .environments()
            .get("production");
    assertThat(environment)
        .isEqualTo(
            new Environment(
                "production",
                new Place("all.yaml", 3, 18),
                Environment.State.ACTIVE,
                List.of(),
                null,
                null,
                Environment.Namespaces.NONE,
                new Environment.PullSecret(
                    "registry-credentials", Environment.PullSecret.Mode.MERGED),
                new Environment.ServiceAccounts(false, List.of()),
                false,
                null,
                Environment.DriftMode.ENFORCE,
                Environment.Suspend.NONE,
                new Environment.Prune(20, 25, ""),
                Environment.DuplicateAddresses.MOST_RECENTLY_ADDED));
  }

  @Test
  void reportsAllProblemsOfAllFilesSortedByPlace() {
    Loaded loaded =
        load(
            Trees.of(
                Map.of(
                    "b.yaml", Trees.registry("b", "https://b.example"),
                    "a.yaml", Trees.registry("a", "A.example"),
                    "c.yaml", "a: [")));
    assertThat(loaded)
        .isInstanceOfSatisfying(
            Loaded.Rejected.class,
            rejected ->
                assertThat(rejected.problems())
                    .extracting(p -> p.place().file())
                    .containsExactly("a.yaml", "b.yaml", "c.yaml"));
  }

  @Test
  void doesNotReportTheConsequencesOfAnotherProblem() {
    String environment = Trees.environment("production", "{registries: [quay]}");
    Loaded brokenRegistry = load(Trees.documents(Trees.registry("quay", "Quay.io"), environment));
    Loaded brokenFile = load(Trees.of(Map.of("a.yaml", environment, "b.yaml", "a: [")));
    assertThat(messages(brokenRegistry)).hasSize(1);
    assertThat(messages(brokenFile)).hasSize(1);
  }

  @Test
  void refusesTwoDocumentsOfOneKindAndName() {
    Loaded loaded = load(Trees.of(Map.of("a.yaml", QUAY, "b.yaml", QUAY)));
    assertThat(messages(loaded)).containsExactly("Registry `quay` is declared a second time.");
    assertThat(load(Trees.documents(QUAY, Trees.environment("quay", "{}"))))
        .isInstanceOf(Loaded.Accepted.class);
  }

  @Test
  void refusesARevisionWithoutAnyDeclaration() {
    assertThat(load(new Snapshot(null, List.of())))
        .isInstanceOfSatisfying(
            Loaded.Rejected.class,
            rejected ->
                assertThat(rejected.problems())
                    .singleElement()
                    .asString()
                    .startsWith("There is no declaration here.\n  Check the branch"));
  }

  @Test
  void refusesAFileThatIsTooLarge() {
    var entry = new SnapshotEntry.TooLarge("big.yaml", 1_048_576);
    assertThat(messages(load(new Snapshot(null, List.of(entry)))))
        .containsExactly("The file has more than 1048576 bytes, so it was not read.");
  }

  @Test
  void saysWhatIsLeftOutWhereASnapshotHasNoRoom() {
    var entry = new SnapshotEntry.TooMany("z.yaml", "7 files are");
    var snapshot = new Snapshot(null, List.of(Trees.file("a.yaml", bytes(QUAY)), entry));
    assertThat(messages(load(snapshot)))
        .containsExactly("Neither this nor what comes after it was read: at most 7 files are.");
  }

  @Test
  void readsTenThousandFiles() {
    var files = new TreeMap<String, String>();
    for (int i = 0; i < 10_000; i++) {
      files.put(i + ".yaml", Trees.registry("r" + i, "r" + i + ".example"));
    }
    assertThat(accepted(Trees.of(files)).registries()).hasSize(10_000);
  }

  @Test
  void readsNoFurtherWhereFilesHaveTooManyValuesTogether() {
    var files = new TreeMap<String, String>();
    for (int i = 10; i < 40; i++) {
      files.put(i + ".yaml", "[" + "1,".repeat(29_000) + "]");
    }
    assertThat(messages(load(Trees.of(files))))
        .hasSize(12)
        .contains("The document is a list, not a declaration.")
        .last()
        .isEqualTo(
            "Neither this file nor what comes after it was read: at most 300000 values together"
                + " are.");
  }

  @Test
  void keepsAThousandProblemsAndSaysThatThereAreMore() {
    String mirrors = "A,".repeat(25_000);
    String registry =
        Trees.registry("quay", "quay.io").replace("spec: {", "spec: {mirrors: [" + mirrors + "], ");
    List<String> messages = messages(load(Trees.documents(registry)));
    assertThat(messages)
        .hasSize(Findings.MOST + 1)
        .contains("Here and elsewhere there is more than the 1000 messages that are kept.");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void survivesTextsThatWouldOverflowAPattern() {
    Loaded loaded = load(Trees.documents(Trees.registry("a", "a.".repeat(400_000) + "a")));
    assertThat(messages(loaded)).containsExactly("`spec.address` has more than 1024 characters.");
    assertThat(messages(load(Trees.documents(Trees.registry("a", "a.".repeat(511) + "a")))))
        .containsExactly("`spec.address` has more than 255 characters.");
  }

  @Test
  void refusesASymbolicLink() {
    var entry = new SnapshotEntry.SymbolicLink("link.yaml");
    assertThat(messages(load(new Snapshot(null, List.of(entry)))))
        .containsExactly("The file is a symbolic link, which is never followed.");
  }

  @Test
  void refusesAnAddressThatChangedSinceTheRevisionInForce() {
    Declarations inForce = accepted(Trees.documents(QUAY));
    assertThat(messages(load(Trees.documents(Trees.registry("quay", "docker.io")), inForce)))
        .containsExactly("The address of Registry `quay` changed from `quay.io`.");
    assertThat(load(Trees.documents(QUAY), inForce)).isInstanceOf(Loaded.Accepted.class);
  }

  @Test
  void takesBothNamesOfDockerHubForOneAddress() {
    Declarations inForce = accepted(Trees.documents(Trees.registry("hub", "docker.io")));
    Loaded loaded = load(Trees.documents(Trees.registry("hub", "index.docker.io")), inForce);
    assertThat(loaded).isInstanceOf(Loaded.Accepted.class);
  }

  @Test
  void notesTheDefaultHttpsPort() {
    assertThat(notes(load(Trees.documents(Trees.registry("a", "a.example:443")))))
        .containsExactly("`a.example:443` is not the same as the address without `:443`.");
  }

  @Test
  void notesAnAllowListWithoutDockerHub() {
    String policy =
        """
        apiVersion: tidewaiter.dev/v1
        kind: RegistryPolicy
        metadata: {name: restricted}
        spec: {allowedRegistries: [%s]}
        """;
    assertThat(notes(load(Trees.documents(policy.formatted("quay.io"))))).hasSize(1);
    assertThat(notes(load(Trees.documents(policy.formatted("docker.io/library"))))).isEmpty();
  }

  @Test
  void namesTheSecretsThatServedEnvironmentsNeed() {
    String registry =
        """
        apiVersion: tidewaiter.dev/v1
        kind: Registry
        metadata: {name: %s}
        spec:
          address: %s.example
          state: %s
          credential: {basic: {username: u, password: {file: /run/%s}}}
        """;
    Declarations declarations =
        accepted(
            Trees.documents(
                registry.formatted("a", "a", "Active", "a"),
                registry.formatted("b", "b", "Inactive", "must-not-be-read-inactive"),
                registry.formatted("c", "c", "Active", "must-not-be-read-retired"),
                registry.formatted("d", "d", "Active", "must-not-be-read-not-asked"),
                Trees.environment("one", "{registries: [a, b]}"),
                Trees.environment("two", "{registries: [a]}"),
                Trees.environment("old", "{registries: [c], state: Retired}"),
                Trees.environment("other", "{registries: [d]}")));
    List<Environment> asked =
        declarations.environments().values().stream()
            .filter(environment -> !environment.name().equals("other"))
            .toList();
    assertThat(declarations.secretReferences(asked))
        .containsExactly(new SecretReference.File("/run/a"));
  }
}
