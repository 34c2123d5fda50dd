package dev.tidewaiter.intake.existing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.Secret;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DraftingTest {
  private static final Drafting.Terms TERMS = new Drafting.Terms("secret/registries", "imported");

  @Test
  void theSameCredentialInManyNamespacesIsOneRegistry() {
    Proposal proposal =
        propose(login("a", "quay.io", "one"), login("b", "quay.io", "one"), file("quay.io", "one"));
    assertThat(names(proposal)).containsExactly("quay-io");
    assertThat(proposal.registries().getFirst().origins())
        .extracting(Origin::text)
        .containsExactly("Secret a/regcred", "Secret b/regcred", "config.json");
    assertThat(proposal.registries().getFirst().path()).isEqualTo("secret/registries/quay-io");
    assertThat(proposal.environments())
        .containsExactly(environment("imported", List.of("a", "b"), "quay-io"));
    assertThat(proposal.left()).isEmpty();
  }

  @Test
  void differentCredentialsInDifferentNamespacesAreRegistriesAndEnvironmentsOfTheirOwn() {
    Proposal proposal =
        propose(
            login("a", "quay.io", "one"),
            login("b", "quay.io", "other"),
            login("c", "quay.io", "other"),
            login("c", "docker.io", "hub"));
    assertThat(names(proposal)).containsExactly("docker-hub", "quay-io", "quay-io-2");
    assertThat(proposal.registries().get(1).origins()).hasSize(2);
    assertThat(proposal.environments())
        .containsExactly(
            environment("imported", List.of("a"), "quay-io-2"),
            environment("imported-2", List.of("b"), "quay-io"),
            environment("imported-3", List.of("c"), "docker-hub", "quay-io"));
  }

  @Test
  void ofSeveralCredentialsInOneNamespaceTheMostCommonIsKept() {
    Proposal proposal =
        propose(
            login("a", "quay.io", "rare"),
            login("a", "quay.io", "common"),
            login("b", "quay.io", "common"));
    assertThat(names(proposal)).containsExactly("quay-io");
    assertThat(password(proposal.registries().getFirst())).isEqualTo(Secret.of("common"));
    assertThat(proposal.left())
        .singleElement()
        .extracting(Found.Left::what, left -> left.origin().text())
        .containsExactly("quay.io", "Secret a/regcred");
  }

  @Test
  void anEmailMakesNoOtherCredential() {
    var origin = Origin.ofSecret("", "a", "with-email");
    var draft = new CredentialDraft.Basic("me", Secret.of("one"), "me@acme.example");
    Proposal proposal =
        propose(
            new Found.Login(origin, new RegistryAddress("quay.io"), draft),
            login("b", "quay.io", "one"));
    assertThat(names(proposal)).containsExactly("quay-io");
  }

  @Test
  void clustersHaveEnvironmentsOfTheirOwn() {
    Proposal proposal =
        propose(login("eu", "a", "quay.io", "one"), login("us", "a", "quay.io", "one"));
    assertThat(names(proposal)).containsExactly("quay-io");
    assertThat(proposal.environments())
        .containsExactly(
            new Proposal.Environment("eu", "eu", List.of("a"), List.of("quay-io")),
            new Proposal.Environment("us", "us", List.of("a"), List.of("quay-io")));
  }

  @Test
  void certificatesGoToEveryRegistryOfTheirAddress() {
    var tls = new TlsDraft("", null, true);
    Found trust = new Found.Trust(Origin.ofFile("hosts.toml"), new RegistryAddress("quay.io"), tls);
    Proposal both = propose(trust, login("a", "quay.io", "one"), login("b", "quay.io", "other"));
    assertThat(both.registries()).hasSize(2).allMatch(registry -> registry.tls().insecure());
    Proposal alone = propose(trust);
    assertThat(alone.registries()).singleElement().matches(r -> r.form().equals("anonymous"));
  }

  @Test
  void theOrderInWhichThingsAreFoundDoesNotMatter() {
    var found = new ArrayList<Found>();
    for (String namespace : List.of("a", "b", "c", "d")) {
      found.add(login(namespace, "quay.io", "one"));
      found.add(login(namespace, "docker.io", "hub-of-" + namespace.compareTo("c")));
    }
    var random = new Random(1);
    Proposal first = Drafting.of(found, TERMS);
    for (int round = 0; round < 20; round++) {
      Collections.shuffle(found, random);
      assertThat(Drafting.of(found, TERMS).environments().stream().map(e -> e.namespaces()))
          .containsExactlyInAnyOrderElementsOf(
              first.environments().stream().map(Proposal.Environment::namespaces).toList());
    }
  }

  @Test
  void namesAreLabelsAndUnique() {
    var names = new Names();
    assertThat(names.of(new RegistryAddress("a-b.c"))).isEqualTo("a-b-c");
    assertThat(names.of(new RegistryAddress("a.b-c"))).isEqualTo("a-b-c-2");
    assertThat(names.of(new RegistryAddress("quay.io:5000"))).isEqualTo("quay-io-5000");
    String host = "a".repeat(62) + ".b" + ".c".repeat(20);
    assertThat(names.of(new RegistryAddress(host)))
        .hasSizeLessThan(64)
        .matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    assertThat(names.of(new RegistryAddress(host))).endsWith("-2").hasSizeLessThan(64);
  }

  static Found login(String namespace, String address, String password) {
    return login("", namespace, address, password);
  }

  private static Found login(String cluster, String namespace, String address, String password) {
    return new Found.Login(
        Origin.ofSecret(cluster, namespace, "regcred"),
        new RegistryAddress(address),
        new CredentialDraft.Basic("me", Secret.of(password), null));
  }

  private static Found file(String address, String password) {
    return new Found.Login(
        Origin.ofFile("config.json"),
        new RegistryAddress(address),
        new CredentialDraft.Basic("me", Secret.of(password), null));
  }

  private static Proposal propose(Found... found) {
    return Drafting.of(List.of(found), TERMS);
  }

  private static List<String> names(Proposal proposal) {
    return proposal.registries().stream().map(Proposal.Registry::name).toList();
  }

  private static Secret password(Proposal.Registry registry) {
    return registry.secrets().getOrDefault("password", Secret.of("none"));
  }

  private static Proposal.Environment environment(
      String name, List<String> namespaces, String... registries) {
    return new Proposal.Environment(name, null, namespaces, List.of(registries));
  }
}
