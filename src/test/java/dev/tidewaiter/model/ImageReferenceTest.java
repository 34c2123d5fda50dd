package dev.tidewaiter.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The cases of [distribution's own
/// tests](https://github.com/distribution/reference/blob/main/normalize_test.go), and some of ours.
class ImageReferenceTest {
  private static final String HEX =
      "1a3f5e7d9c1b3a5f7e9d1c3b5a7f9e1d3c5b7a9f1e3d5d7c9b1a3f5e7d9c1b3a";
  private static final String DIGEST = "sha256:" + HEX;

  @ParameterizedTest
  @CsvSource({
    // text,                               host,              repository,               tag
    "debian,                               docker.io,         library/debian,",
    "debian:12,                            docker.io,         library/debian,           12",
    "library/debian,                       docker.io,         library/debian,",
    "docker/docker,                        docker.io,         docker/docker,",
    "docker.io/debian,                     docker.io,         library/debian,",
    "docker.io/library/debian,             docker.io,         library/debian,",
    "docker.io/library/foo/bar,            docker.io,         library/foo/bar,",
    "docker.io/store/foo/bar,              docker.io,         store/foo/bar,",
    "index.docker.io/debian,               docker.io,         library/debian,",
    "index.docker.io/docker/docker,        docker.io,         docker/docker,",
    "registry-1.docker.io/library/debian,  registry-1.docker.io, library/debian,",
    "docker.io:443/debian,                 docker.io:443,     debian,",
    "127.0.0.1:5000/debian,                127.0.0.1:5000,    debian,",
    "127.0.0.1:5000/docker/docker,         127.0.0.1:5000,    docker/docker,",
    "192.168.0.1,                          docker.io,         library/192.168.0.1,",
    "192.168.0.1:80,                       docker.io,         library/192.168.0.1,      80",
    "192.168.0.1:8/debian,                 192.168.0.1:8,     debian,",
    "192.168.1.1/repo,                     192.168.1.1,       repo,",
    "192.168.1.1:5000/repo:5050,           192.168.1.1:5000,  repo,                     5050",
    "localhost,                            docker.io,         library/localhost,",
    "localhost:5000,                       docker.io,         library/localhost,        5000",
    "localhost/repo,                       localhost,         repo,",
    "localhost:5000/repo,                  localhost:5000,    repo,",
    "test_com,                             docker.io,         library/test_com,",
    "test_com/foo,                         docker.io,         test_com/foo,",
    "test.com:5000,                        docker.io,         library/test.com,         5000",
    "test.com/repo:tag,                    test.com,          repo,                     tag",
    "test:5000/repo:tag,                   test:5000,         repo,                     tag",
    "test-com:8080/foo,                    test-com:8080,     foo,",
    "xn--n3h.com:18080/foo,                xn--n3h.com:18080, foo,",
    "xn--n3h.com/myimage:xn--n3h.com,      xn--n3h.com,       myimage,                  xn--n3h.com",
    "sub-dom1.foo.com/bar/baz/quux:long,   sub-dom1.foo.com,  bar/baz/quux,             long",
    "b.gcr.io/test.example.com/my-app:a.b, b.gcr.io,          test.example.com/my-app,  a.b",
    "foo/foo_bar.com:8080,                 docker.io,         foo/foo_bar.com,          8080",
    "lowercase:Uppercase,                  docker.io,         library/lowercase,        Uppercase",
    "Docker/docker,                        Docker,            docker,",
    "FOO/bar,                              FOO,               bar,",
    "d/docker,                             docker.io,         d/docker,",
    "docker---rules/docker,                docker.io,         docker---rules/docker,",
    "dock__er/docker,                      docker.io,         dock__er/docker,",
    "a:_,                                  docker.io,         library/a,                _",
    "[fc00::1]:5000/docker,                [fc00::1]:5000,    docker,",
    "[2001:db8::1]/repo,                   [2001:db8::1],     repo,",
    "[fc00:1:2:3:4:5:6:7]:5000/library/debian, [fc00:1:2:3:4:5:6:7]:5000, library/debian,",
    "thisisthesongthatneverendsitgoesonandonandonthisisthesongthatnev, docker.io,"
        + " library/thisisthesongthatneverendsitgoesonandonandonthisisthesongthatnev,",
  })
  void isReadAsDockerAndContainerdDo(
      String text, String host, String repository, @Nullable String tag) {
    assertThat(ImageReference.parse(text))
        .contains(new ImageReference(host, repository, tag, null));
    assertThat(ImageReference.parse(text + "@" + DIGEST))
        .contains(new ImageReference(host, repository, tag, DIGEST));
  }

  @ParameterizedTest
  @MethodSource
  void hasParts(String text, String host, String repository, @Nullable String digest) {
    assertThat(ImageReference.parse(text))
        .contains(new ImageReference(host, repository, null, digest));
  }

  static Stream<Arguments> hasParts() {
    String sha512 = "sha512:" + HEX + HEX;
    String sha384 = "sha384:" + HEX + HEX.substring(32);
    String longest = "a/".repeat(127) + "a";
    return Stream.of(
        Arguments.of("repo@" + sha512, "docker.io", "library/repo", sha512),
        Arguments.of("repo@" + sha384, "docker.io", "library/repo", sha384),
        Arguments.of("docker.io/" + HEX, "docker.io", "library/" + HEX, null),
        Arguments.of(HEX.substring(1), "docker.io", "library/" + HEX.substring(1), null),
        Arguments.of(longest, "docker.io", longest, null),
        Arguments.of("registry.example:5000/" + longest, "registry.example:5000", longest, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "/",
        ":justtag",
        "@" + DIGEST,
        HEX,
        DIGEST,
        "sha256:1a3f",
        "-docker",
        "-docker/docker",
        "docker-/docker",
        "-docker.io/docker/docker",
        "docker///docker",
        "docker/",
        "docker.io/",
        "docker.io/docker/Docker",
        "docker/Docker",
        "Uppercase:tag",
        "test:5000/Uppercase/lowercase:tag",
        "https://github.com/docker/docker",
        "____/____",
        "_docker/_docker",
        "dock..er/docker",
        "dock_.er/docker",
        "dock-.er/docker",
        "dock___er/docker",
        "aa/asdf$$^/aa",
        "repo:",
        "repo:-foo",
        "repo: tag",
        "repo@",
        "repo@sha256:ffffffffffffffffffffffffffffffffff",
        "repo@sha256:" + HEX + "0",
        "repo@SHA256:" + HEX,
        "repo@sha256:1A3F5E7D9C1B3A5F7E9D1C3B5A7F9E1D3C5B7A9F1E3D5D7C9B1A3F5E7D9C1B3A",
        "repo@invaliddigest:" + HEX,
        "repo@md5:ffffffffffffffffffffffffffffffff",
        "[fc00::1]",
        "[fc00::1]:5000",
        "[2001:db8::1]:tag",
        "fc00::1:5000/debian",
        "[fe80::1%eth0]:5000/debian",
        "[2001:db8:3:4::192.0.2.33]:5000/debian",
        "registry.example:/repo",
        "registry.example:x/repo",
        "user@registry.example/repo",
        "registry.example/repo\n"
      })
  void isNone(String text) {
    assertThat(ImageReference.parse(text)).isEmpty();
  }

  @Test
  void isNoneIfItIsTooLong() {
    assertThat(ImageReference.parse("a/".repeat(128) + "a:tag")).isEmpty();
    assertThat(ImageReference.parse("a".repeat(248))).isEmpty();
    assertThat(ImageReference.parse("a".repeat(247))).isPresent();
    assertThat(ImageReference.parse("repo:" + "t".repeat(128))).isPresent();
    assertThat(ImageReference.parse("repo:" + "t".repeat(129))).isEmpty();
    assertThat(ImageReference.parse("a-".repeat(1_000_000))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "nginx,                         docker.io/library/nginx:latest, latest",
    "quay.io/acme/base:1,           quay.io/acme/base:1,            1",
    "index.docker.io/acme/base,     docker.io/acme/base:latest,     latest",
  })
  void isPrintedWhole(String text, String whole, String version) {
    ImageReference reference = ImageReference.parse(text).orElseThrow();
    assertThat(reference).hasToString(whole);
    assertThat(reference.version()).isEqualTo(version);
    assertThat(ImageReference.parse(whole).orElseThrow()).hasToString(whole);
  }

  @Test
  void asksForTheDigestWhateverTheTag() {
    ImageReference both = ImageReference.parse("nginx:1@" + DIGEST).orElseThrow();
    assertThat(both.version()).isEqualTo(DIGEST);
    assertThat(both).hasToString("docker.io/library/nginx:1@" + DIGEST);
    assertThat(ImageReference.parse("nginx@" + DIGEST).orElseThrow())
        .hasToString("docker.io/library/nginx@" + DIGEST);
  }

  @ParameterizedTest
  @CsvSource({
    "nginx,                    docker.io",
    "Registry.Example:5000/a,  registry.example:5000",
    "localhost/a,              localhost",
    "[::1]:5000/a,",
    "registry.example:99999/a,",
  })
  void namesTheAddressOfADeclaration(String text, @Nullable String address) {
    assertThat(ImageReference.parse(text).orElseThrow().address().map(RegistryAddress::text))
        .isEqualTo(Optional.ofNullable(address));
  }
}
