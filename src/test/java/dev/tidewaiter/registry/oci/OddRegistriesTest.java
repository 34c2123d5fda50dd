package dev.tidewaiter.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.registry.RegistryProbe.ImageAnswer;
import dev.tidewaiter.registry.RegistryProbe.ProbeAnswer;
import dev.tidewaiter.registry.RegistryProbe.Question;
import dev.tidewaiter.registry.RegistryProbe.Trust;
import dev.tidewaiter.registry.oci.StandIn.Answer;
import dev.tidewaiter.registry.oci.StandIn.Request;
import dev.tidewaiter.testbed.ConnectProxy;
import dev.tidewaiter.testbed.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How registries of the world ask for credentials, each by a stand-in under its own name, behind a
/// proxy that leads there.
class OddRegistriesTest {
  private static final Credential RIGHT =
      new Credential(Secret.of("puller"), Secret.of("right"), null, null);
  private static final Credential WRONG =
      new Credential(Secret.of("puller"), Secret.of("wrong"), null, null);
  private static final String BASIC =
      "Basic "
          + Base64.getEncoder().encodeToString("puller:right".getBytes(StandardCharsets.UTF_8));
  private static final String DIGEST = "sha256:" + "5".repeat(64);

  @TempDir Path directory;
  private TestCertificates authority;

  @BeforeEach
  void certify() {
    authority = TestCertificates.create(directory);
  }

  @Test
  void dockerHubHasItsTokensFromAnotherHostUnderAnotherServiceName() {
    StandIn.Answers hub =
        request ->
            switch (request.host()) {
              case "auth.docker.io" -> token(request, "{\"token\":\"of.the.hub\"}");
              case "registry-1.docker.io" ->
                  bearer(
                      request,
                      "of.the.hub",
                      "Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\"");
              default -> Answer.of(500);
            };
    try (var world = new World(hub, "registry-1.docker.io", "auth.docker.io")) {
      assertThat(world.ask("docker.io", RIGHT)).isInstanceOf(ProbeAnswer.Accepted.class);
      assertThat(world.ask("index.docker.io", WRONG))
          .isEqualTo(new ProbeAnswer.Refused("the token server of index.docker.io answered 401"));
      assertThat(world.uris("auth.docker.io"))
          .containsExactly(
              "/token?service=registry.docker.io", "/token?service=registry.docker.io");
      assertThat(world.image("docker.io", RIGHT, "nginx:1"))
          .isEqualTo(new ImageAnswer.Found(DIGEST));
      assertThat(world.uris("auth.docker.io").getLast())
          .isEqualTo("/token?service=registry.docker.io&scope=repository%3Alibrary%2Fnginx%3Apull");
    }
  }

  @Test
  void quayGivesAnybodyATokenForAScopeAndNobodyOneWithout() {
    StandIn.Answers quay =
        request -> {
          if (!request.isFor("/v2/auth")) {
            return bearer(
                request, "of.quay", "Bearer realm=\"https://quay.io/v2/auth\",service=\"quay.io\"");
          }
          boolean anybody = request.authorization() == null && request.uri().contains("scope=");
          return anybody
              ? Answer.of(200).json("{\"token\":\"of.quay\"}")
              : token(request, "{\"token\":\"of.quay\"}");
        };
    try (var world = new World(quay, "quay.io")) {
      assertThat(world.ask("quay.io", RIGHT)).isInstanceOf(ProbeAnswer.Accepted.class);
      assertThat(world.ask("quay.io", WRONG)).isInstanceOf(ProbeAnswer.Refused.class);
      assertThat(world.ask("quay.io", null)).isInstanceOf(ProbeAnswer.Accepted.class);
      assertThat(world.image("quay.io", null, "quay.io/acme/base:1"))
          .isEqualTo(new ImageAnswer.Found(DIGEST));
    }
  }

  @Test
  void gitLabHasItsTokensFromASiblingHost() {
    StandIn.Answers gitLab =
        request ->
            request.host().equals("gitlab.acme.co.uk")
                ? token(request, "{\"token\":\"of.gitlab\"}")
                : bearer(
                    request,
                    "of.gitlab",
                    "Bearer realm=\"https://gitlab.acme.co.uk/jwt/auth\",service=\"container_registry\"");
    try (var world = new World(gitLab, "registry.acme.co.uk", "gitlab.acme.co.uk")) {
      assertThat(world.ask("registry.acme.co.uk", RIGHT)).isInstanceOf(ProbeAnswer.Accepted.class);
      assertThat(world.ask("registry.acme.co.uk", WRONG)).isInstanceOf(ProbeAnswer.Refused.class);
      assertThat(world.uris("gitlab.acme.co.uk").getFirst())
          .isEqualTo("/jwt/auth?service=container_registry");
    }
  }

  @Test
  void nexusAsksForBasicInCapitals() {
    StandIn.Answers nexus =
        request -> basic(request, "BASIC realm=\"Sonatype Nexus Repository Manager\"");
    try (var world = new World(nexus, "nexus.example")) {
      assertThat(world.ask("nexus.example", RIGHT)).isInstanceOf(ProbeAnswer.Accepted.class);
      assertThat(world.ask("nexus.example", WRONG))
          .isEqualTo(new ProbeAnswer.Refused("nexus.example answered 401"));
      assertThat(world.ask("nexus.example", null))
          .isEqualTo(new ProbeAnswer.Refused("nexus.example wants a user name and a password"));
      assertThat(world.image("nexus.example", RIGHT, "nexus.example/acme/base:1"))
          .isEqualTo(new ImageAnswer.Found(DIGEST));
      assertThat(world.image("nexus.example", RIGHT, "nexus.example/acme/absent:1"))
          .isInstanceOf(ImageAnswer.Missing.class);
    }
  }

  @Test
  void artifactoryRedirectsBelowItsContextAndHasATokenServerForEachRepository() {
    StandIn.Answers artifactory =
        request -> {
          if (request.isFor("/v2/")) {
            return Answer.of(307)
                .with("Location: https://art.example:443/artifactory/api/docker" + request.uri());
          }
          if (request.uri().contains("/v2/token")) {
            return token(
                request,
                request.isFor("/artifactory/api/docker/local/")
                    ? "{\"access_token\":\"of.local\"}"
                    : "{\"access_token\":\"of.all\"}");
          }
          boolean ofImage = request.uri().contains("/manifests/");
          return bearer(
              request,
              ofImage ? "of.local" : "of.all",
              "Bearer realm=\"https://art.example:443/artifactory/api/docker/"
                  + (ofImage ? "local/" : "")
                  + "v2/token\",service=\"art.example:443\"");
        };
    try (var world = new World(artifactory, "art.example")) {
      assertThat(world.ask("art.example", RIGHT)).isInstanceOf(ProbeAnswer.Accepted.class);
      assertThat(world.ask("art.example", WRONG)).isInstanceOf(ProbeAnswer.Refused.class);
      assertThat(world.image("art.example", RIGHT, "art.example/local/base:1"))
          .isEqualTo(new ImageAnswer.Found(DIGEST));
    }
  }

  @Test
  void ghcrDeniesWithoutAChallenge() {
    StandIn.Answers ghcr =
        request -> {
          if (request.isFor("/token")) {
            return BASIC.equals(request.authorization())
                ? Answer.of(200).json("{\"token\":\"b3BhcXVl\"}")
                : Answer.of(403)
                    .json("{\"errors\":[{\"code\":\"DENIED\",\"message\":\"denied\"}]}");
          }
          return bearer(
              request,
              "b3BhcXVl",
              "Bearer realm=\"https://ghcr.io/token\",service=\"ghcr.io\",scope=\"repository:user/image:pull\"");
        };
    try (var world = new World(ghcr, "ghcr.io")) {
      assertThat(world.ask("ghcr.io", RIGHT)).isInstanceOf(ProbeAnswer.Accepted.class);
      assertThat(world.ask("ghcr.io", WRONG))
          .isEqualTo(new ProbeAnswer.Refused("the token server of ghcr.io answered 403"));
      assertThat(world.uris("ghcr.io")).contains("/token?service=ghcr.io");
    }
  }

  @Test
  void aTokenThatIsForNobodyProvesNothing() {
    String payload = "{\"iss\":\"harbor-token-issuer\",\"sub\":\"\",\"access\":[]}";
    String nobodys = "e30." + url(payload) + ".c2ln";
    StandIn.Answers forgiving =
        request ->
            request.isFor("/service/token")
                ? Answer.of(200).json("{\"token\":\"" + nobodys + "\"}")
                : bearer(
                    request,
                    nobodys,
                    "Bearer realm=\"https://harbor.example/service/token\",service=\"harbor-registry\"");
    try (var world = new World(forgiving, "harbor.example")) {
      assertThat(world.ask("harbor.example", WRONG))
          .isEqualTo(
              new ProbeAnswer.Unreachable(
                  "the token server of harbor.example gave a token for nobody, which proves nothing"));
      assertThat(world.ask("harbor.example", null)).isInstanceOf(ProbeAnswer.Accepted.class);
    }
  }

  @Test
  void aRegistryThatServesEverybodyMayStillKnowAWrongPassword() {
    StandIn.Answers open =
        request ->
            request.authorization() == null || request.authorization().equals(BASIC)
                ? found(request)
                : Answer.registry(401).with("WWW-Authenticate: Basic realm=\"all\"");
    try (var world = new World(open, "open.example")) {
      assertThat(world.ask("open.example", null)).isInstanceOf(ProbeAnswer.Accepted.class);
      assertThat(world.ask("open.example", RIGHT)).isInstanceOf(ProbeAnswer.Accepted.class);
      assertThat(world.ask("open.example", WRONG)).isInstanceOf(ProbeAnswer.Refused.class);
    }
  }

  @Test
  void oneOfSeveralChallengesIsAnswered() {
    StandIn.Answers choosy =
        request ->
            request.isFor("/token")
                ? token(request, "{\"token\":\"chosen\"}")
                : bearer(
                    request,
                    "chosen",
                    "Negotiate, Basic realm=\"a, \\\"b\\\"\", Bearer service=\"s\", realm=\"https://choosy.example/token\"");
    try (var world = new World(choosy, "choosy.example")) {
      assertThat(world.ask("choosy.example", RIGHT)).isInstanceOf(ProbeAnswer.Accepted.class);
      assertThat(world.uris("choosy.example")).containsExactly("/v2/", "/token?service=s", "/v2/");
    }
  }

  @Test
  void aManifestOnAnotherHostIsFoundWithoutAnyCredential() {
    StandIn.Answers split =
        request -> {
          if (request.host().equals("backend.example")) {
            return found(request);
          }
          return request.uri().contains("/manifests/")
              ? Answer.of(307).with("Location: https://backend.example" + request.uri())
              : basic(request, "Basic realm=\"all\"");
        };
    try (var world = new World(split, "front.example", "backend.example")) {
      assertThat(world.image("front.example", RIGHT, "front.example/acme/base:1"))
          .isEqualTo(new ImageAnswer.Found(DIGEST));
      assertThat(world.server.requests())
          .filteredOn(request -> request.host().equals("backend.example"))
          .isNotEmpty()
          .allSatisfy(request -> assertThat(request.authorization()).isNull());
    }
  }

  @Test
  void anImageOfAnotherRegistryIsNotAskedFor() {
    StandIn.Answers nexus = request -> basic(request, "Basic realm=\"all\"");
    try (var world = new World(nexus, "nexus.example")) {
      assertThat(world.image("nexus.example", RIGHT, "quay.io/acme/base:1"))
          .isEqualTo(new ImageAnswer.Missing("quay.io is not nexus.example"));
      assertThat(world.uris("nexus.example")).containsOnly("/v2/");
    }
  }

  @Test
  void neverAsksForMoreThanTheHeadOfAManifest() {
    StandIn.Answers nexus = request -> basic(request, "Basic realm=\"all\"");
    try (var world = new World(nexus, "nexus.example")) {
      world.image("nexus.example", RIGHT, "nexus.example/acme/base@" + DIGEST);
      assertThat(world.server.requests())
          .filteredOn(request -> !request.uri().equals("/v2/"))
          .isNotEmpty()
          .allSatisfy(
              request -> {
                assertThat(request.method()).isEqualTo("HEAD");
                assertThat(request.uri()).isEqualTo("/v2/acme/base/manifests/" + DIGEST);
              });
    }
  }

  private static Answer token(Request request, String json) {
    return BASIC.equals(request.authorization())
        ? Answer.of(200).json(json)
        : Answer.of(401).json("{\"details\":\"incorrect username or password\"}");
  }

  private static Answer bearer(Request request, String expected, String challenge) {
    return ("Bearer " + expected).equals(request.authorization())
        ? found(request)
        : Answer.registry(401).with("WWW-Authenticate: " + challenge);
  }

  private static Answer basic(Request request, String challenge) {
    return BASIC.equals(request.authorization())
        ? found(request)
        : Answer.registry(401).with("WWW-Authenticate: " + challenge);
  }

  private static Answer found(Request request) {
    if (request.uri().contains("absent")) {
      return Answer.registry(404).json("{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\"}]}");
    }
    return request.uri().contains("/manifests/")
        ? Answer.registry(200).with("Docker-Content-Digest: " + DIGEST)
        : Answer.registry(200).json("{}");
  }

  private static String url(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Hosts of the world, all played by one stand-in.
  private final class World implements AutoCloseable {
    private final StandIn server;
    private final ConnectProxy proxy;
    private final OciRegistryProbe probe;

    World(StandIn.Answers answers, String... hosts) {
      server = StandIn.start(authority.server(hosts).serverContext(), answers);
      proxy =
          ConnectProxy.start(
              Arrays.stream(hosts)
                  .collect(Collectors.toMap(host -> host + ":443", _ -> server.port())));
      var settings = new ProbeSettings(proxy.exempting(), List.of(), List.of());
      probe = new OciRegistryProbe(settings, System::nanoTime);
    }

    ProbeAnswer ask(String address, @Nullable Credential credential) {
      return probe.ask(new Question(new RegistryAddress(address), credential, trust(), Set.of()));
    }

    ImageAnswer image(String address, @Nullable Credential credential, String image) {
      ImageReference reference = ImageReference.parse(image).orElseThrow();
      var question =
          new Question(new RegistryAddress(address), credential, trust(), Set.of(reference));
      var answer = probe.ask(question);
      assertThat(answer).isInstanceOf(ProbeAnswer.Accepted.class);
      Map<ImageReference, ImageAnswer> images = ((ProbeAnswer.Accepted) answer).images();
      assertThat(images).containsOnlyKeys(reference);
      return Objects.requireNonNull(images.get(reference));
    }

    List<String> uris(String host) {
      return server.requests().stream()
          .filter(request -> request.host().equals(host))
          .map(Request::uri)
          .toList();
    }

    private Trust trust() {
      try {
        return new Trust(Secret.of(Files.readString(authority.ca())), null, null, false);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      proxy.close();
      server.close();
    }
  }
}
