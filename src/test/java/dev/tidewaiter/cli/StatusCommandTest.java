package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.model.Place;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.Revision;
import dev.tidewaiter.reconcile.Condition;
import dev.tidewaiter.reconcile.CycleReport;
import dev.tidewaiter.reconcile.DaemonStatus;
import dev.tidewaiter.reconcile.InForce;
import dev.tidewaiter.reconcile.Reason;
import dev.tidewaiter.reconcile.RegistryReport;
import dev.tidewaiter.reconcile.RoundResult;
import dev.tidewaiter.reconcile.RuntimeReport;
import dev.tidewaiter.reconcile.Standing;
import dev.tidewaiter.reconcile.TargetStatus;
import dev.tidewaiter.registry.RegistrySituation;
import dev.tidewaiter.serve.StatusServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `status` against the daemon's own HTTP server.
class StatusCommandTest {
  private static final Revision BROKEN = new Revision("b".repeat(40));
  private static final Revision GOOD = new Revision("a".repeat(40));
  private static final Problem PROBLEM =
      new Problem(new Place("quay.yaml", 4, 7), "`adress` is no property.", "Write `address`.");

  @Test
  void saysWhatIsWrongFirst() throws IOException {
    Shell.Ended ended = status(stalled());
    assertThat(ended.exitCode()).isEqualTo(5);
    assertThat(ended.out())
        .isEqualTo(
            """
            prod-eu: not Ready
            revision in force aaaaaaaa, attempted bbbbbbbb
              quay.yaml:4:7: `adress` is no property.
                Write `address`.
            Stalled: the newest commit was rejected

            cluster/prod-eu
              production: CredentialWithheld, revision aaaaaaaa, 1 unchanged
                CredentialWithheld: vault:secret/quay#password: denied (1 place(s))
                failed: Secret/shop/pull: AccessDenied: may not patch secrets
                withheld: Secret/shop/pull auths/quay.io: vault:secret/quay#password: denied
                conflict: Secret/bank/pull: A Secret without our labels stands there.
                held: Secret/old/pull
                to approve, write prune.approve: "5f2c00aa11bb/1"
            """);
  }

  @Test
  void saysWhatEachRuntimeOfAHostIsAndCan() throws IOException {
    String unasked = "nothing is asked of a host under another root";
    var docker =
        new RuntimeReport(
            "docker",
            "29.0.0 with the containerd image store",
            "etc/docker/certs.d",
            List.of("Ca", "AllowList"),
            List.of(
                new RuntimeReport.Lack("AllowListPaths", "Docker goes by the host"),
                new RuntimeReport.Lack("TrustStore", "must not be shown: it is the system's")));
    var system =
        new RuntimeReport(
            "system",
            "trust store of update-ca-certificates",
            "usr/local/share/ca-certificates",
            List.of("TrustStore"),
            List.of(
                new RuntimeReport.Lack("Ca", "list a runtime"),
                new RuntimeReport.Lack("AllowList", "list a runtime")));
    var podman =
        new RuntimeReport(
            "containers",
            "",
            "etc/containers/certs.d",
            List.of(),
            List.of(
                new RuntimeReport.Lack("Mirrors", unasked),
                new RuntimeReport.Lack("AllowList", unasked)));
    CycleReport report = Reports.on("host/build-1", List.of(docker, podman, system));
    var host = new TargetStatus("host/build-1", List.of(), List.of(report));
    var round = round(new Standing(GOOD, inForce(), List.of(), null, GOOD, false));
    var daemon = new DaemonStatus("prod-eu", round, List.of(), null, List.of(host));
    assertThat(status(daemon).out())
        .endsWith(
            """

            host/build-1
              docker 29.0.0 with the containerd image store
                can: a registry's CA, the allow-list
                cannot: paths on the allow-list: Docker goes by the host
              podman or CRI-O, which was not asked
                cannot: mirrors, the allow-list: nothing is asked of a host under another root
              system trust store of update-ca-certificates
                can: the system's trust store
                cannot: anything else: list a runtime
              production: Ready, revision aaaaaaaa, 1 unchanged
            """);
    assertThat(status(daemon, "-o", "yaml").out())
        .contains("runtime: docker\n", "- AllowList\n", "- capability: AllowListPaths\n");
  }

  @Test
  void nothingSteersTheTerminal() throws IOException {
    var held = new Condition(Reason.ActivationHeld, Hostile.IMAGE.replace('\n', ' '));
    var targets =
        List.of(new TargetStatus("cluster/prod-eu", List.of(held), List.of(Hostile.report())));
    var status = new DaemonStatus("prod-eu", null, List.of(), null, targets);
    for (String format : List.of("text", "json", "yaml")) {
      Hostile.assertHarmless(status(status, "-o", format).out());
    }
    assertThat(status(status).out())
        .contains("\n  ActivationHeld: " + Hostile.SHOWN + "\n")
        .contains("\n    failed: Secret/shop/pull: Rejected: " + Hostile.SHOWN + "\n")
        .contains("\n          " + Hostile.SHOWN + ": " + Hostile.SHOWN + "\n");
  }

  @Test
  void saysWhatWillExpireWhenOfEachRegistry() throws IOException {
    var report =
        new RegistryReport(
            "ecr-eu",
            new RegistryAddress("111122223333.dkr.ecr.eu-west-1.amazonaws.com"),
            "ecr",
            "ecr/111122223333/eu-west-1/own",
            RegistrySituation.Proof.VERIFIED,
            Instant.parse("2026-03-01T12:00:00Z"),
            Instant.parse("2026-03-01T06:00:00Z"),
            "since 2026-03-01T05:00:00Z: AWS does not answer",
            List.of());
    var known = new RoundResult.Known(Map.of(), Map.of("ecr-eu", report), List.of(), null);
    var standing = new Standing(GOOD, inForce(), List.of(), null, GOOD, false);
    var round = new RoundResult(1, "start", Instant.EPOCH, standing, known);
    Shell.Ended ended = status(new DaemonStatus("prod-eu", round, List.of(), null, List.of()));
    assertThat(ended.out())
        .endsWith(
            """
            registries
              ecr-eu (111122223333.dkr.ecr.eu-west-1.amazonaws.com): ecr, verified, as ecr/111122223333/eu-west-1/own, \
            until 2026-03-01T12:00:00Z, refreshed at 2026-03-01T06:00:00Z
                last failure: since 2026-03-01T05:00:00Z: AWS does not answer
            """);
  }

  @Test
  void isZeroIfTheDaemonIsReady() throws IOException {
    var round = round(new Standing(GOOD, inForce(), List.of(), null, GOOD, false));
    Shell.Ended ended = status(new DaemonStatus("prod-eu", round, List.of(), null, List.of()));
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out()).startsWith("prod-eu: Ready\n");
  }

  @Test
  void isFiveBeforeTheFirstRoundHasEnded() throws IOException {
    Shell.Ended ended = status(new DaemonStatus("prod-eu", null, List.of(), null, List.of()));
    assertThat(ended.exitCode()).isEqualTo(5);
    assertThat(ended.out()).isEqualTo("prod-eu: not Ready\n");
  }

  @Test
  void printsTheDocumentForPrograms() throws IOException {
    assertThat(status(stalled(), "--output", "json").out())
        .contains("\"instance\" : \"prod-eu\"", "\"ready\" : false", "\"reason\" : \"Stalled\"");
    assertThat(status(stalled(), "--output", "yaml").out())
        .contains("instance: prod-eu\n", "ready: false\n", "approval: 5f2c00aa11bb/1\n");
  }

  @Test
  void nobodyListens() {
    Shell.Ended ended = Shell.run("status", "--address", "http://127.0.0.1:1");
    assertThat(ended.exitCode()).isEqualTo(4);
    assertThat(ended.err())
        .isEqualTo(
            """
            http://127.0.0.1:1: The daemon does not answer.
              Name its `listen` address with --address.
            """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "<html>not ours</html>", "{\"instance\": \"another\"}"})
  void somethingElseListens(String body) throws IOException {
    assertThat(answered(200, body).exitCode()).isEqualTo(4);
    assertThat(answered(200, body).err()).contains("answered something that is no status");
    assertThat(answered(404, body).err()).contains("answered 404").doesNotContain("ours");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://127.0.0.1", "/status", "http:///", "no host:8080", ""})
  void theAddressIsNone(String address) {
    Shell.Ended ended = Shell.run("status", "--address", address);
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).startsWith(address + ": This is no HTTP address.");
  }

  @Test
  void theAddressIsTakenAsListenHasIt() throws IOException {
    var status = new DaemonStatus("prod-eu", null, List.of(), null, List.of());
    try (var server = new StatusServer("127.0.0.1", 0, () -> true, () -> status)) {
      server.start();
      Shell.Ended ended = Shell.run("status", "--address", "127.0.0.1:" + server.port());
      assertThat(ended.out()).isEqualTo("prod-eu: not Ready\n");
    }
    assertThat(Shell.run("status", "--address", "localhost:1").err())
        .startsWith("http://localhost:1: The daemon does not answer.");
  }

  private static Shell.Ended status(DaemonStatus status, String... options) throws IOException {
    try (var server = new StatusServer("127.0.0.1", 0, () -> true, () -> status)) {
      server.start();
      var arguments = new String[options.length + 3];
      arguments[0] = "status";
      arguments[1] = "--address";
      arguments[2] = "http://127.0.0.1:" + server.port();
      System.arraycopy(options, 0, arguments, 3, options.length);
      return Shell.run(arguments);
    }
  }

  private static Shell.Ended answered(int code, String body) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer server = HttpServer.create(address, 0);
    server.createContext(
        "/status",
        exchange -> {
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(code, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    try {
      return Shell.run("status", "-a", "http://127.0.0.1:" + server.getAddress().getPort());
    } finally {
      server.stop(0);
    }
  }

  private static DaemonStatus stalled() {
    var round = round(new Standing(BROKEN, inForce(), List.of(PROBLEM), null, GOOD, false));
    return new DaemonStatus(
        "prod-eu",
        round,
        List.of(new Condition(Reason.Stalled, "the newest commit was rejected")),
        null,
        List.of(new TargetStatus("cluster/prod-eu", List.of(), List.of(Reports.mixed()))));
  }

  private static RoundResult round(Standing standing) {
    return new RoundResult(1, "start", Instant.EPOCH, standing, Map.of());
  }

  private static InForce inForce() {
    var none = new Declarations(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), Map.of());
    return new InForce(GOOD, none, List.of());
  }
}
