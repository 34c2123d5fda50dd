package dev.tidewaiter.policy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.policy.HostRules.Granularity;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Held to what runtimes were seen to do: see `HostDenialIT` and its like for each of them.
class HostRulesTest {
  private static final String LIST = "registry.acme.example/hub quay.io/acme ghcr.io:8443";

  /// Listed: `registry.acme.example/hub`, `quay.io/acme`, `ghcr.io:8443`; inactive: `old.example`;
  /// Docker Hub redirected to `registry.acme.example/hub`.
  @ParameterizedTest
  @CsvSource({
    // image, Docker and containerd, podman and CRI-O
    "quay.io/acme/app:1, Listed, Listed",
    "quay.io/acme, Listed, Listed",
    "quay.io/acmeevil/app, WithWholeHost, NotListed",
    "quay.io/other/app, WithWholeHost, NotListed",
    "registry.acme.example/hub/library/nginx, Listed, Listed",
    "registry.acme.example/team/app, WithWholeHost, NotListed",
    // A directory is found by host and port as they are written.
    "quay.io:443/acme/app, NotListed, NotListed",
    "ghcr.io:8443/any/app, Listed, Listed",
    "ghcr.io/any/app, NotListed, NotListed",
    "quay.io.evil.example/acme/app, NotListed, NotListed",
    "xquay.io/acme/app, NotListed, NotListed",
    "QUAY.io/acme/app, OtherCase, OtherCase",
    "Ghcr.IO/any/app, NotListed, NotListed",
    // All names of Docker Hub, and only they, are redirected.
    "nginx, Redirected, Redirected",
    "acme/app, Redirected, Redirected",
    "docker.io/nginx:1, Redirected, Redirected",
    "index.docker.io/library/nginx, Redirected, Redirected",
    "registry-1.docker.io/library/nginx, NotListed, NotListed",
    "Docker.io/library/nginx, OtherCase, OtherCase",
    "old.example/app, Inactive, Inactive",
    "OLD.example/app, Inactive, Inactive",
    "old.example:443/app, Inactive, Inactive",
    "localhost/app, NotListed, NotListed",
    "quay.io/Acme/app, Malformed, Malformed",
    "https://quay.io/acme/app, Malformed, Malformed",
  })
  void judgesAsRuntimesDo(String image, String host, String path) {
    HostRules rules = rules(LIST + " old.example", "registry.acme.example/hub", true);

    assertThat(rules.judge(image, Granularity.HOST).getClass().getSimpleName()).isEqualTo(host);
    assertThat(rules.judge(image, Granularity.PATH).getClass().getSimpleName()).isEqualTo(path);
  }

  @Test
  void admitsWholeRegistriesAndDockerHubWhereItIsRedirected() {
    HostRules rules = rules(LIST + " old.example", "registry.acme.example/hub", true);

    assertThat(rules.denies()).isTrue();
    assertThat(rules.admittedHosts())
        .extracting(RegistryAddress::text)
        .containsExactly("docker.io", "ghcr.io:8443", "quay.io", "registry.acme.example");
    assertThat(rules.entries())
        .extracting(RepositoryPrefix::toString)
        .containsExactly("docker.io", "ghcr.io:8443", "quay.io/acme", "registry.acme.example/hub");
  }

  @Test
  void listsBothNamesOfDockerHubAsOne() {
    HostRules rules = rules("index.docker.io docker.io/acme", null, true);

    assertThat(rules.admittedHosts()).containsExactly(new RegistryAddress("docker.io"));
    assertThat(rules.judge("nginx", Granularity.PATH)).isInstanceOf(HostVerdict.Listed.class);
  }

  @Test
  void doesNotAdmitWhatIsInactiveUnderAnotherOfItsNames() {
    HostRules rules = rules("old.example:443 quay.io", null, true);

    assertThat(rules.admittedHosts()).containsExactly(new RegistryAddress("quay.io"));
  }

  @Test
  void deniesNothingWithoutAList() {
    HostRules rules = rules("", null, true);

    assertThat(rules.denies()).isFalse();
    assertThat(rules.admittedHosts()).isEmpty();
    assertThat(rules.judge("quay.io/app", Granularity.HOST))
        .isInstanceOf(HostVerdict.Unlimited.class);
    assertThat(rules.judge("old.example/app", Granularity.HOST))
        .isEqualTo(new HostVerdict.InactiveButOpen(new RegistryAddress("old.example"), "retired"));
  }

  @Test
  void deniesNothingThatIsOnlyToBeWarnedOf() {
    HostRules rules = rules("quay.io", "quay.io/hub", false);

    assertThat(rules.denies()).isFalse();
    assertThat(rules.judge("evil.example/app", Granularity.PATH))
        .isInstanceOf(HostVerdict.NotEnforced.class);
    assertThat(rules.judge("nginx", Granularity.PATH)).isInstanceOf(HostVerdict.Redirected.class);
  }

  @Test
  void redirectsDockerHubByItsWholeName() {
    DockerHubRedirect redirect =
        requireNonNull(rules("", "registry.acme.example:5000/hub", true).redirect());

    assertThat(redirect.rewrite("nginx"))
        .hasValue("registry.acme.example:5000/hub/library/nginx:latest");
    assertThat(redirect.rewrite("docker.io/acme/app:2"))
        .hasValue("registry.acme.example:5000/hub/acme/app:2");
    assertThat(redirect.rewrite("quay.io/acme/app")).isEmpty();
  }

  @Test
  void doesNotRedirectWhereLibraryWouldHaveToBeLeftOut() {
    var dropping = new DefaultRegistry(RepositoryPrefix.parse("quay.io/hub"), LibraryPrefix.DROP);

    HostRules rules = HostRules.of(new Regime(book("quay.io"), dropping, Set.of()), true);

    assertThat(rules.redirect()).isNull();
    assertThat(rules.admittedHosts()).containsExactly(new RegistryAddress("quay.io"));
  }

  @Test
  void doesNotRedirectToWhatIsInactive() {
    assertThat(rules("quay.io old.example", "old.example/hub", true).redirect()).isNull();
  }

  @Test
  void saysWhyForPeople() {
    HostRules rules = rules(LIST, "registry.acme.example/hub", true);

    assertThat(said(rules, "quay.io/other/app"))
        .isEqualTo(
            "image \"quay.io/other/app\" is allowed on hosts of environment \"shop\": policy"
                + " \"restricted\" allows only quay.io/acme there, but this runtime tells"
                + " registries apart and not what is in them, so the whole of quay.io is"
                + " admitted.");
    assertThat(said(rules, "nginx"))
        .isEqualTo(
            "image \"nginx\" is allowed on hosts of environment \"shop\": policy \"restricted\""
                + " redirects docker.io, so what is pulled is"
                + " \"registry.acme.example/hub/library/nginx:latest\".");
    assertThat(said(rules, "evil.example/app"))
        .startsWith(
            "image \"evil.example/app\" is not allowed on hosts of environment \"shop\": policy"
                + " \"restricted\" allows only images from ");
    assertThat(said(rules, "QUAY.io/acme/app"))
        .endsWith(
            "to a runtime its host is another one than quay.io. Write the host in lower case.");
  }

  private static String said(HostRules rules, String image) {
    return rules.explain(image, rules.judge(image, Granularity.HOST));
  }

  private static HostRules rules(String list, @Nullable String fallback, boolean enforced) {
    var registry =
        fallback == null
            ? null
            : new DefaultRegistry(RepositoryPrefix.parse(fallback), LibraryPrefix.KEEP);
    return HostRules.of(new Regime(book(list), registry, Set.of()), enforced);
  }

  private static RuleBook book(String list) {
    List<RepositoryPrefix> allowed =
        list.isEmpty()
            ? null
            : Arrays.stream(list.split(" ")).map(RepositoryPrefix::parse).toList();
    var inactive = new TreeMap<RegistryAddress, String>();
    inactive.put(new RegistryAddress("old.example"), "retired");
    return new RuleBook("shop", "restricted", allowed, inactive);
  }
}
