package dev.tidewaiter.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.config.DaemonConfiguration.AllowedPath;
import dev.tidewaiter.model.CredentialSource;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.SecretReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BindingsTest {
  private static final String VAULT =
      "vault: {address: 'https://vault.example', auth: {token: {file: /t}}, allowedPaths: [%s]}";

  private static final String ACCOUNT = "123456789012";
  private static final String ADDRESS = ACCOUNT + ".dkr.ecr.eu-central-1.amazonaws.com";
  private static final String KEYS =
      "accessKeyId: {vault: {path: secret/ecr, key: id}},"
          + " secretAccessKey: {vault: {path: secret/ecr, key: secret}}";

  @TempDir private Path directory;

  private DaemonConfiguration daemon(String spec) throws IOException {
    Path file = directory.resolve("tidewaiter.yaml");
    Files.writeString(
        file,
        """
        apiVersion: tidewaiter.dev/v1
        kind: Daemon
        metadata: {name: test}
        spec:
          repository: {url: 'file:///srv/x.git'}
          %s
        """
            .formatted(spec));
    return switch (new DaemonConfigurationLoader(Path.of("/state")).load(file)) {
      case LoadedConfiguration.Accepted accepted -> accepted.configuration();
      case LoadedConfiguration.Rejected(List<Problem> problems) ->
          throw new AssertionError(problems.toString());
    };
  }

  /// A registry with this credential, in environment `production`.
  private static List<Problem> refusals(
      String address, String credential, DaemonConfiguration daemon) {
    String registry =
        """
        apiVersion: tidewaiter.dev/v1
        kind: Registry
        metadata: {name: cloud}
        spec: {address: %s, credential: %s}
        """
            .formatted(address, credential);
    var snapshot =
        Trees.documents(registry, Trees.environment("production", "{registries: [cloud]}"));
    var context = LoadContext.applying(null, AdditionOrder.unknown());
    return switch (new DeclarationLoader().load(snapshot, context)) {
      case Loaded.Accepted(Declarations declarations, _) -> Bindings.check(declarations, daemon);
      case Loaded.Rejected(List<Problem> problems) -> throw new AssertionError(problems.toString());
    };
  }

  /// Registry `quay` with this password, in environment `production`.
  private static Declarations declarations(String password, String environment) {
    String registry =
        """
        apiVersion: tidewaiter.dev/v1
        kind: Registry
        metadata: {name: quay}
        spec: {address: quay.io, credential: {basic: {username: u, password: %s}}}
        """
            .formatted(password);
    var snapshot = Trees.documents(registry, Trees.environment("production", environment));
    var context = LoadContext.applying(null, AdditionOrder.unknown());
    return switch (new DeclarationLoader().load(snapshot, context)) {
      case Loaded.Accepted accepted -> accepted.declarations();
      case Loaded.Rejected(List<Problem> problems) -> throw new AssertionError(problems.toString());
    };
  }

  private static Declarations vault(String path) {
    return declarations("{vault: {path: " + path + ", key: k}}", "{registries: [quay]}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "secret",
        "secret/registries",
        "secret/registries/quay",
        "{path: secret/registries/quay, addresses: [quay.io], environments: [production]}",
        "{path: secret/registries/quay, addresses: [docker.io, quay.io]}",
        "{path: secret/registries/quay, environments: [production]}",
        "{path: secret, addresses: [docker.io]}, secret/registries",
        "{path: secret/registries, addresses: [docker.io]},"
            + " {path: secret/registries, addresses: [quay.io]}"
      })
  void permits(String allowed) throws IOException {
    assertThat(Bindings.check(vault("secret/registries/quay"), daemon(VAULT.formatted(allowed))))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "other",
        "secret/reg",
        "secret/registries/quay/deeper",
        "secret/registries/qua",
        "{path: secret/registries/quay, addresses: [docker.io]}",
        "{path: secret/registries/quay, addresses: [quay.io], environments: [staging]}",
        "secret/registries, {path: secret/registries/quay, addresses: [docker.io]}"
      })
  void refuses(String allowed) throws IOException {
    assertThat(Bindings.check(vault("secret/registries/quay"), daemon(VAULT.formatted(allowed))))
        .singleElement()
        .satisfies(
            p ->
                assertThat(p.message())
                    .startsWith("`spec.credential.basic.password` of Registry `quay` "));
  }

  /// Some engines put names into lower case, so both would be one secret.
  @Test
  void refusesAPathThatEvadesABindingByTheCaseOfItsLetters() throws IOException {
    String bound = "ldap, {path: ldap/static-cred/quay, addresses: [docker.io]}";
    for (String path : List.of("ldap/static-cred/QUAY", "LDAP/static-cred/quay/x")) {
      assertThat(Bindings.check(vault(path), daemon(VAULT.formatted(bound + ", LDAP"))))
          .singleElement()
          .satisfies(p -> assertThat(p.message()).contains("case", "`ldap/static-cred/quay`"));
    }
    assertThat(Bindings.check(vault("ldap/static-cred/QUAYS"), daemon(VAULT.formatted(bound))))
        .isEmpty();
    assertThat(
            Bindings.check(
                vault("ldap/static-cred/QUAY"),
                daemon(VAULT.formatted(bound + ", ldap/static-cred/QUAY"))))
        .isEmpty();
  }

  /// As a letter beyond ASCII is in the locale `C`.
  @Test
  void refusesAFileThatThisSystemCannotName() throws IOException {
    Declarations declarations = file("/run/secrets/quay");
    Registry quay = Objects.requireNonNull(declarations.registries().get("quay"));
    var unnameable = new SecretReference.File("/run/secrets/\0quay");
    var changed =
        new Registry(
            quay.name(),
            quay.place(),
            quay.address(),
            quay.state(),
            new CredentialSource.GoogleKey(unnameable),
            quay.tls(),
            quay.verify(),
            quay.mirrors());
    var altered =
        new Declarations(
            new TreeMap<>(Map.of("quay", changed)),
            declarations.policies(),
            declarations.environments(),
            declarations.superseded());

    assertThat(Bindings.check(altered, daemon("files: {allowedDirectories: [/run/secrets]}")))
        .hasSize(1);
  }

  @Test
  void refusesVaultWhereThereIsNone() throws IOException {
    assertThat(Bindings.check(vault("secret/x"), daemon("files: {}"))).hasSize(1);
  }

  @Test
  void looksOnlyAtEnvironmentsThatAreServedAndNotRetired() throws IOException {
    var elsewhere = daemon("environments: [staging]");
    assertThat(Bindings.check(vault("secret/x"), elsewhere)).isEmpty();
    var retired =
        declarations("{vault: {path: secret/x, key: k}}", "{registries: [quay], state: Retired}");
    assertThat(Bindings.check(retired, daemon("files: {}"))).isEmpty();
  }

  @Test
  void permitsFilesOnlyBeneathAllowedDirectories() throws IOException {
    var daemon = daemon("files: {allowedDirectories: [/run/secrets]}");
    assertThat(Bindings.check(file("/run/secrets/quay"), daemon)).isEmpty();
    assertThat(Bindings.check(file("/run/secrets"), daemon)).hasSize(1);
    assertThat(Bindings.check(file("/run/secrets-of-others/quay"), daemon)).hasSize(1);
    assertThat(Bindings.check(file("/etc/shadow"), daemon)).hasSize(1);
  }

  private static Declarations file(String path) {
    return declarations("{file: " + path + "}", "{registries: [quay]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ['123456789012']                 | 123456789012.dkr.ecr.eu-central-1.amazonaws.com     | {}
          ['123456789012']                 | 123456789012.dkr.ecr-fips.us-east-1.amazonaws.com   | {}
          ['123456789012']                 | 123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn    | {}
          ['123456789012']                 | 123456789012.dkr-ecr.eu-central-1.on.aws            | {}
          ['123456789012']                 | 123456789012.dkr.ecr.eu-central-1.amazonaws.com     | {registryId: '123456789012'}
          ['123456789012', '210987654321'] | 123456789012.dkr.ecr.eu-central-1.amazonaws.com     | {registryId: '210987654321'}
          [public.ecr.aws]                 | public.ecr.aws                                      | {}
          [public.ecr.aws]                 | ecr-public.aws.com                                  | {}
          """)
  void lendsItsOwnIdentityToAccountsThatAreListed(String listed, String address, String ecr)
      throws IOException {
    assertThat(ownIdentity(listed, address, ecr)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          []                               | 123456789012.dkr.ecr.eu-central-1.amazonaws.com     | {}
          ['210987654321']                 | 123456789012.dkr.ecr.eu-central-1.amazonaws.com     | {}
          ['210987654321']                 | 123456789012.dkr.ecr.eu-central-1.amazonaws.com     | {registryId: '210987654321'}
          ['123456789012']                 | 123456789012.dkr.ecr.eu-central-1.amazonaws.com     | {registryId: '210987654321'}
          [public.ecr.aws]                 | 123456789012.dkr.ecr.eu-central-1.amazonaws.com     | {}
          ['123456789012']                 | public.ecr.aws                                      | {}
          ['123456789012']                 | ecr-public.aws.com                                  | {}
          """)
  void refusesItsOwnIdentityToAccountsThatAreNotListed(String listed, String address, String ecr)
      throws IOException {
    assertThat(ownIdentity(listed, address, ecr))
        .singleElement()
        .satisfies(p -> assertThat(p.message()).contains("this daemon's own identity"));
  }

  private List<Problem> ownIdentity(String listed, String address, String ecr) throws IOException {
    return refusals(
        address,
        "{ecr: %s}".formatted(ecr),
        daemon("aws: {ambientIdentity: %s}".formatted(listed)));
  }

  @Test
  void namesBothAccountsIfNeitherIsListed() throws IOException {
    assertThat(refusals(ADDRESS, "{ecr: {registryId: '210987654321'}}", daemon("files: {}")))
        .hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", KEYS + ", "})
  void assumesRolesThatAreAllowedAndNoOthers(String keys) throws IOException {
    String role = "arn:aws:iam::210987654321:role/pull";
    String credential = "{ecr: {" + keys + "roleArn: '" + role + "'}}";
    assertThat(refusals(ADDRESS, credential, roles(role))).isEmpty();
    for (String other : List.of(role + "2", role.replace("pull", "Pull"), role + "/pull")) {
      assertThat(refusals(ADDRESS, credential, roles(other)))
          .as(other)
          .singleElement()
          .satisfies(
              p ->
                  assertThat(p.message())
                      .startsWith("`spec.credential.ecr.roleArn` of Registry `cloud` "));
    }
  }

  private DaemonConfiguration roles(String allowed) throws IOException {
    return daemon(
        VAULT.formatted("secret/ecr")
            + "\n  aws: {ambientIdentity: ['%s'], allowedRoles: ['%s']}"
                .formatted(ACCOUNT, allowed));
  }

  @Test
  void doesNotLendItsIdentityForARoleInAnAccountThatIsNotListed() throws IOException {
    String role = "arn:aws:iam::210987654321:role/pull";
    var daemon = daemon("aws: {allowedRoles: ['%s']}".formatted(role));
    assertThat(refusals(ADDRESS, "{ecr: {roleArn: '" + role + "'}}", daemon)).hasSize(1);
  }

  @Test
  void leavesAccountsToKeysThatADeclarationHasItself() throws IOException {
    String credential = "{ecr: {" + KEYS + ", registryId: '210987654321'}}";
    assertThat(refusals(ADDRESS, credential, daemon(VAULT.formatted("secret/ecr")))).isEmpty();
    assertThat(refusals(ADDRESS, credential, daemon(VAULT.formatted("other")))).hasSize(2);
  }

  @Test
  void lendsItsGoogleIdentityToRegistriesThatAreListed() throws IOException {
    var daemon = daemon("google: {ambientIdentity: [eu.gcr.io]}");
    assertThat(refusals("eu.gcr.io", "{googleToken: {}}", daemon)).isEmpty();
    assertThat(refusals("gcr.io", "{googleToken: {}}", daemon))
        .singleElement()
        .satisfies(p -> assertThat(p.message()).contains("`google.ambientIdentity`"));
  }

  @Test
  void bindsTheKeysOfGoogleByTheirPathsAlone() throws IOException {
    String key = "{key: {vault: {path: secret/gar, key: key}}}";
    String bound = "{path: secret/gar, addresses: [gcr.io]}";
    for (String form : List.of("googleKey", "googleToken")) {
      String credential = "{" + form + ": " + key + "}";
      assertThat(refusals("gcr.io", credential, daemon(VAULT.formatted(bound)))).isEmpty();
      assertThat(refusals("eu.gcr.io", credential, daemon(VAULT.formatted(bound))))
          .singleElement()
          .satisfies(p -> assertThat(p.message()).contains(form + ".key"));
    }
  }

  @Test
  void namesTheEntriesThatAreNotBound() throws IOException {
    var daemon =
        daemon(
            VAULT.formatted(
                "secret/ca, {path: secret/a, addresses: [quay.io]},"
                    + " {path: secret/b, addresses: [quay.io], environments: [production]}"));
    assertThat(Bindings.unbound(daemon))
        .extracting(AllowedPath::path)
        .containsExactly("secret/ca", "secret/a");
  }
}
