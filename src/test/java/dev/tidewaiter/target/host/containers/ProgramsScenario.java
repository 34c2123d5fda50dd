package dev.tidewaiter.target.host.containers;

import static dev.tidewaiter.target.host.containers.ContainersHost.REGISTRIES;
import static dev.tidewaiter.target.host.containers.ContainersHost.applied;
import static dev.tidewaiter.target.host.containers.ContainersHost.creates;
import static dev.tidewaiter.target.host.containers.ContainersHost.failed;
import static dev.tidewaiter.target.host.containers.ContainersHost.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Capability;
import dev.tidewaiter.desired.RuntimeFacts;
import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.host.containers.Trials.Question;
import dev.tidewaiter.target.host.containers.Trials.Verdict;
import dev.tidewaiter.testbed.Matrix;
import dev.tidewaiter.testbed.ServerProcess;
import dev.tidewaiter.testbed.TestBed;
import dev.tidewaiter.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// What the programs of the machine are asked and told.
record ProgramsScenario(ContainersHost host, Podman podman, Path directory) {
  void triesWithEitherProgram() throws Exception {
    FileContent listed =
        content(
            "{\"default\": [{\"type\": \"reject\"}], \"transports\": {\"docker\": {"
                + "\"quay.io/acme\": [{\"type\": \"insecureAcceptAnything\"}]}}}");
    List<Trials.Program> programs = new LocalTrials().programs();
    assertThat(programs).hasSize(2);
    List<Path> before = traces();
    for (Trials.Program program : programs) {
      assertThat(program.judge(new Question(null, null, "any.test"))).isEqualTo(Verdict.ACCEPTED);
      assertThat(program.judge(new Question(listed, null, "quay.io/acme")))
          .isEqualTo(Verdict.ACCEPTED);
      assertThat(program.judge(new Question(listed, null, "quay.io"))).isEqualTo(Verdict.REJECTED);
      assertThat(program.judge(new Question(content("{}"), null, "quay.io")))
          .isEqualTo(Verdict.BROKEN);
      assertThat(program.judge(new Question(null, content("x = ["), "quay.io")))
          .isEqualTo(Verdict.BROKEN);
    }
    assertThat(traces()).isEqualTo(before);
    RuntimeFacts facts = host.runtime().facts().orElseThrow();
    assertThat(facts.version()).isEqualTo("podman " + podman.version());
    for (Capability lacking : List.of(Capability.NODE_CREDENTIALS, Capability.TRUST_STORE)) {
      assertThat(facts.can(lacking)).isFalse();
      Matrix.refused("podman", podman.version(), lacking);
    }
  }

  // Another user of the machine asks whoever listens on loopback for blobs, all the time.
  void believesNoStranger() throws Exception {
    FileContent closed = content("{\"default\": [{\"type\": \"reject\"}]}");
    var asking = new AtomicBoolean(true);
    var answered = new AtomicInteger();
    Thread stranger = Thread.ofPlatform().start(() -> ask(asking, answered));
    try {
      for (Trials.Program program : new LocalTrials().programs()) {
        answered.set(0);
        assertThat(program.judge(new Question(closed, null, "quay.io")))
            .isEqualTo(Verdict.REJECTED);
        assertThat(answered).as("the trial registry answered").hasPositiveValue();
      }
    } finally {
      asking.set(false);
      stranger.join();
    }
  }

  private static void ask(AtomicBoolean asking, AtomicInteger answered) {
    String request = "GET /v2/proof/none/blobs/sha256:00 HTTP/1.1\r\nHost: stranger\r\n\r\n";
    while (asking.get()) {
      for (int port : listening()) {
        try (var socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
          socket.setSoTimeout(1_000);
          socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
          answered.addAndGet(socket.getInputStream().read() < 0 ? 0 : 1);
        } catch (IOException _) {
          // Its trial is over.
        }
      }
    }
  }

  // Columns: sl local_address rem_address st; proc_net_tcp(5). 0A is a listening socket, and one of
  // Java may have an address of version 6 with that of version 4 at its end.
  private static List<Integer> listening() {
    var ports = new ArrayList<Integer>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : lines(Path.of(table))) {
        String[] words = line.strip().split(" +", -1);
        String[] local = words[1].split(":", -1);
        if (local[0].endsWith("0100007F") && words[3].equals("0A")) {
          ports.add(Integer.parseInt(local[1], 16));
        }
      }
    }
    return ports;
  }

  private static List<String> lines(Path table) {
    try {
      return Files.exists(table) ? Files.readAllLines(table) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileContent content(String text) {
    return FileContent.of(text.getBytes(StandardCharsets.UTF_8));
  }

  /// What podman would leave behind on the machine, and what a trial would.
  private static List<Path> traces() throws Exception {
    var traces = new ArrayList<Path>();
    for (String directory :
        List.of("/run", "/dev/shm", "/var/lib/containers", System.getProperty("java.io.tmpdir"))) {
      Path path = Path.of(directory);
      if (Files.isDirectory(path)) {
        try (Stream<Path> paths = Files.list(path)) {
          paths
              .filter(file -> file.toString().matches(".*(libpod|containers|trial|crio).*"))
              .forEach(traces::add);
        }
      }
    }
    return traces;
  }

  void triesADropInBeforeItIsThere() throws Exception {
    Map<String, String> before = host.tree();
    failed(
        host.apply(creates(REGISTRIES, "registry/quay.io", "quay.io\" # x")), FailureReason.Unsafe);
    assertThat(host.tree()).isEqualTo(before);
    Path main =
        Files.writeString(Path.of("/etc/containers/registries.conf"), "short-name-mode = \"x\"");
    Map<String, String> broken = host.tree();
    applied(host.apply(creates(REGISTRIES, "registry/quay.io", "quay.io")));
    applied(host.apply(new Change.Prune(REGISTRIES)));
    assertThat(host.tree()).isEqualTo(broken);
    Files.delete(main);
  }

  // There is no CRI-O here: what is tested is that a process of its name, found by its socket, gets
  // SIGHUP, and that a process of another name does not.
  void reloadsCrio() throws Exception {
    Path python = TestBed.installed("/usr/bin/python3").toRealPath();
    Files.createDirectories(Path.of("/run/crio"));
    for (String name : List.of("crio", "not-crio")) {
      Path program = Files.copy(python, directory.resolve(name));
      Path log = directory.resolve(name + ".log");
      String code =
          """
          import signal, socket
          signal.signal(signal.SIGHUP, lambda *_: print('reloaded', flush=True))
          server = socket.socket(socket.AF_UNIX)
          server.bind('/run/crio/crio.sock')
          server.listen()
          while True: server.accept()
          """;
      var builder = new ProcessBuilder(program.toString(), "-c", code);
      try (ServerProcess process = ServerProcess.start(name, builder, log)) {
        process.awaitReady(Duration.ofSeconds(10), () -> Files.exists(LocalCrio.SOCKET));
        Change dropIn = creates(REGISTRIES, "registry/quay.io", "quay.io");
        if (name.equals("crio")) {
          assertThat(host.runtime().running()).startsWith(process.pid() + " since ");
          applied(host.apply(dropIn));
          applied(host.apply(new Change.Prune(REGISTRIES)));
          Await.untilTrue(
              Duration.ofSeconds(10), "two reloads", () -> Files.readAllLines(log).size() == 2);
        } else {
          failed(host.apply(dropIn), FailureReason.Unsafe);
          assertThat(host.dropIn()).doesNotExist();
          assertThat(log).isEmptyFile();
        }
      }
      Files.deleteIfExists(LocalCrio.SOCKET);
    }
  }
}
