package dev.tidewaiter.bench;

import dev.tidewaiter.bench.AuditTrail.Creations;
import dev.tidewaiter.bench.Launched.Ended;
import dev.tidewaiter.testing.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// `make bench`: measures the shipped program on real servers, prints each figure beside its bar,
/// and ends with status 1 if one is missed. How each is measured:
///
/// - **Start.** The wall time of `tidewaiter validate sample-config`, process start included,
///   before any server runs: the median of eleven, after one that fills the page cache.
/// - **Rate.** 10,000 pull Secrets in 100 namespaces, written from nothing by one `apply`, and then
///   by the [raw writer][RawWriter], which sends the same requests as the same user. Both rates are
///   taken from the API server's audit log: Secrets created, by the time from the arrival of the
///   first creation to the answer to the last. What `apply` does before (Java's start, Git, Vault,
///   100 watches, the plan) and after is not in it, and is printed as the whole time. The writers
///   take turns, after a first run of each that is not counted, and the ratio is the median of the
///   ratios of neighbours: the machine is noisy, and both share it with the server.
/// - **Memory.** The kernel's high-water mark of the resident set (`VmHWM`) of each `apply`, in
///   units of 10^6 bytes; the largest counts.
/// - **Nothing to do.** A further `apply`: its time, its writes in the audit log, and how often it
///   listed the references of the repository.
/// - **Idle.** `run` with all 10,000 Secrets in place, one minute from its first `Ready`: time of
///   processors by minute, writes in the audit log, and listings of references, of which the
///   default interval of ten seconds allows seven.
///
/// Sizes can be changed for a trial: `-Dbench.namespaces`, `-Dbench.registries`, `-Dbench.turns`.
public final class Bench {
  private static final double LEAST_RATIO = 0.90;
  private static final long MOST_MEGABYTES = 320;
  private static final Duration LONGEST_START = Duration.ofMillis(500);
  private static final double MOST_IDLE_CORES = 0.1;
  private static final Duration IDLE = Duration.ofMinutes(1);
  private static final int TURNS = Integer.getInteger("bench.turns", 3);

  private final Path directory;
  private final Scene scene;
  private final RawWriter raw;
  private final Verdict verdict;
  private int runs;
  private long peak;

  private Bench(Path directory, Scene scene, Verdict verdict) {
    this.directory = directory;
    this.scene = scene;
    this.raw = new RawWriter(scene.cluster(), directory);
    this.verdict = verdict;
  }

  /// Runs all measurements.
  public static void main(String[] args) {
    try {
      System.exit(measure(new Verdict(System.out)) ? 0 : 1);
    } catch (IOException | RuntimeException e) {
      // Threads of clients would keep the process.
      e.printStackTrace();
      System.exit(70);
    }
  }

  private static boolean measure(Verdict verdict) throws IOException {
    Path directory = Path.of("target/bench").toAbsolutePath();
    empty(directory);
    start(directory, verdict);
    int namespaces = Integer.getInteger("bench.namespaces", 100);
    int registries = Integer.getInteger("bench.registries", 100);
    try (Scene scene = Scene.set(directory, namespaces, registries)) {
      var bench = new Bench(directory, scene, verdict);
      bench.writing();
      bench.nothingToDo();
      bench.idle();
    }
    return verdict.isMet();
  }

  private static void start(Path directory, Verdict verdict) {
    verdict.title("Start");
    Path output = directory.resolve("validate.log");
    Launched.run(output, "validate", "sample-config");
    double[] seconds =
        IntStream.range(0, 11)
            .mapToDouble(_ -> seconds(Launched.run(output, "validate", "sample-config").wall()))
            .toArray();
    double median = Verdict.median(seconds);
    verdict.check(
        median <= seconds(LONGEST_START),
        "at most 0.5 s",
        "validate sample-config: median %.2f s, best %.2f s",
        median,
        IntStream.range(0, seconds.length).mapToDouble(i -> seconds[i]).min().orElseThrow());
  }

  private void writing() {
    verdict.title("Writing pull Secrets from nothing");
    apply("first apply");
    int recorded = raw.record(scene.namespaces());
    replay("first raw", recorded);
    peak = 0;
    var ratios = new double[TURNS];
    for (int turn = 0; turn < TURNS; turn++) {
      scene.clear();
      Creations ours = apply("apply");
      Creations theirs = replay("raw", recorded);
      ratios[turn] = ours.perSecond() / theirs.perSecond();
      verdict.note("ratio %.2f", ratios[turn]);
    }
    double ratio = Verdict.median(ratios);
    verdict.check(ratio >= LEAST_RATIO, "at least 0.90", "median ratio %.3f", ratio);
    verdict.check(peak <= MOST_MEGABYTES, "at most 320 MB", "peak resident memory %d MB", peak);
  }

  private Creations apply(String label) {
    Path configuration = scene.configuration("apply-" + runs++);
    var trail = AuditTrail.from(scene.cluster().auditLog());
    Ended ended =
        Launched.run(directory.resolve("apply.log"), "apply", "--config", "" + configuration);
    Creations created = trail.creations(Scene.USER);
    peak = Math.max(peak, ended.peakMegabytes());
    verdict.note(
        "%-11s %,6d in %5.2f s: %,5.0f/s; whole process %5.2f s, processors %5.2f s, %d MB",
        label,
        created.count(),
        seconds(created.time()),
        created.perSecond(),
        seconds(ended.wall()),
        seconds(ended.processors()),
        ended.peakMegabytes());
    return created;
  }

  private Creations replay(String label, int expected) {
    scene.clear();
    var trail = AuditTrail.from(scene.cluster().auditLog());
    raw.run();
    Creations created = trail.creations(Scene.USER);
    if (created.count() != expected) {
      throw new IllegalStateException(created.count() + " created by the raw writer");
    }
    verdict.note(
        "%-11s %,6d in %5.2f s: %,5.0f/s",
        label, created.count(), seconds(created.time()), created.perSecond());
    return created;
  }

  private void nothingToDo() {
    verdict.title("Nothing to do");
    // What the raw writer made is exactly what was declared, so the product has nothing to add.
    Path configuration = scene.configuration("idle");
    Launched.run(directory.resolve("apply.log"), "apply", "--config", "" + configuration);
    var trail = AuditTrail.from(scene.cluster().auditLog());
    long listed = scene.referenceListings();
    Ended ended =
        Launched.run(directory.resolve("apply.log"), "apply", "--config", "" + configuration);
    int writes = trail.writes(Scene.USER);
    long listings = scene.referenceListings() - listed;
    verdict.note("apply: %.2f s, %d MB", seconds(ended.wall()), ended.peakMegabytes());
    verdict.check(writes == 0, "none", "writes %d", writes);
    verdict.check(listings <= 1, "at most 1", "listings of references %d", listings);
  }

  private void idle() {
    verdict.title("Idle, " + IDLE.toSeconds() + " s of run");
    try (Launched daemon =
        Launched.start(
            directory.resolve("run.log"), "run", "--config", "" + scene.configuration("idle"))) {
      Await.untilTrue(Duration.ofMinutes(2), daemon.tail(), () -> isReady(daemon));
      var trail = AuditTrail.from(scene.cluster().auditLog());
      long listed = scene.referenceListings();
      Duration before = daemon.processorTime();
      long end = System.nanoTime() + IDLE.toNanos();
      while (System.nanoTime() < end) {
        LockSupport.parkNanos(end - System.nanoTime());
      }
      double cores = seconds(daemon.processorTime().minus(before)) / seconds(IDLE);
      long listings = scene.referenceListings() - listed;
      int writes = trail.writes(Scene.USER);
      verdict.check(cores < MOST_IDLE_CORES, "under 0.1", "cores %.3f", cores);
      verdict.check(writes == 0, "none", "writes %d", writes);
      verdict.check(listings <= 7, "one by interval: 7", "listings of references %d", listings);
      verdict.note("peak resident memory %d MB", daemon.peakMegabytes());
    }
  }

  private boolean isReady(Launched daemon) throws InterruptedException {
    if (!daemon.isAlive()) {
      throw new IllegalStateException("the daemon ended\n" + daemon.tail());
    }
    var status = URI.create("http://127.0.0.1:" + scene.listen() + "/status");
    try (HttpClient client = HttpClient.newHttpClient()) {
      String body =
          client.send(HttpRequest.newBuilder(status).build(), BodyHandlers.ofString()).body();
      return JsonMapper.shared().readTree(body).path("ready").asBoolean(false);
    } catch (IOException _) {
      return false;
    }
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static void empty(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    Files.createDirectories(directory);
  }
}
