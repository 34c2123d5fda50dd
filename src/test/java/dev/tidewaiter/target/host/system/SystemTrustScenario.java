package dev.tidewaiter.target.host.system;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Capability;
import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.Payload;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.ObservedField;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostTarget;
import dev.tidewaiter.target.host.LocalFiles;
import dev.tidewaiter.target.host.StateStore;
import dev.tidewaiter.testbed.IsolatedJvm;
import dev.tidewaiter.testbed.Matrix;
import dev.tidewaiter.testbed.RegistryServer;
import dev.tidewaiter.testbed.TestCertificates;
import dev.tidewaiter.testing.Await;
import dev.tidewaiter.testing.Observing;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What [SystemTrustIT] runs inside an [IsolatedJvm], where the store's directories are copies.
public final class SystemTrustScenario {
  private static final Path OURS = Path.of("/usr/local/share/ca-certificates");
  private static final Path STORE = Path.of("/etc/ssl");
  private static final Path BUNDLE = STORE.resolve("certs/ca-certificates.crt");
  private static final Path COPY = Path.of("/run/ssl");
  private static final Path LIST = Path.of("/etc/ca-certificates.conf");
  private static final Path HOOKS = Path.of("/etc/ca-certificates/update.d");
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Path PROGRAM = Path.of("/usr/sbin/update-ca-certificates");
  private static final ResourceId ID =
      new ResourceId(
          ResourceKind.TRUSTED_CERTIFICATE,
          "system",
          "usr/local/share/ca-certificates/tidewaiter-private.crt");

  private final Path directory;
  private final HostTarget target;

  private SystemTrustScenario(Path directory) throws IOException {
    this.directory = directory;
    Path root = Path.of("/");
    var changes = new FileChanges(new LocalFiles(root), StateStore.in(directory.resolve("state")));
    this.target =
        new HostTarget(
            new HostTarget.Identity("isolated", root, Map.of()),
            changes,
            List.of(new SystemTrust(changes, root)));
  }

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    isolate(directory);
    new SystemTrustScenario(directory).run();
    System.exit(0);
  }

  /// Nothing of the machine's own store is reached from here on.
  private static void isolate(Path directory) throws Exception {
    execute("cp", "-a", STORE.toString(), COPY.toString());
    for (Path path : List.of(OURS, STORE, HOOKS)) {
      execute("mount", "-t", "tmpfs", "tmpfs", path.toString());
      assertThat(Files.getFileStore(path).type()).isEqualTo("tmpfs");
    }
    execute("cp", "-a", COPY + "/.", STORE.toString());
    // A few of the distribution's CAs do, and take the program less long.
    Path few = directory.resolve("ca-certificates.conf");
    try (Stream<String> lines = Files.lines(LIST)) {
      Files.write(few, lines.filter(line -> line.endsWith(".crt")).limit(5).toList());
    }
    execute("mount", "--bind", few.toString(), LIST.toString());
    TestCertificates theirs =
        TestCertificates.create(Files.createDirectory(directory.resolve("theirs")));
    Files.copy(theirs.ca(), OURS.resolve("theirs.crt"));
    execute(PROGRAM.toString(), "--fresh");
  }

  private void run() throws Exception {
    TestCertificates first =
        TestCertificates.create(Files.createDirectory(directory.resolve("first")));
    TestCertificates second =
        TestCertificates.create(Files.createDirectory(directory.resolve("second")));
    Map<Path, String> untouched = listing();

    assertThat(trusts(first)).isFalse();
    letAHookStartAService();
    assertThat(apply(first)).isEqualTo(new Outcome.Applied());
    assertThat(trusts(first)).isTrue();
    seesTheServiceWriteAndGoOn();
    assertThat(observed()).startsWith("sha256:");

    assertThat(apply(second)).isEqualTo(new Outcome.Applied());
    assertThat(trusts(second)).isTrue();
    assertThat(trusts(first)).isFalse();

    seesABundleWithoutIt(second, untouched);
    goesBackWhereTheProgramDoesNothing(first, second);

    assertThat(target.apply("production", new Change.Prune(ID), (_, _) -> null))
        .isEqualTo(new Outcome.Applied());
    assertThat(trusts(second)).isFalse();
    assertThat(listing()).isEqualTo(untouched);
    assertThat(target.environments()).isEmpty();
    String version = Files.readString(Path.of("/etc/debian_version")).strip();
    Matrix.tested("system", "Debian " + version, Capability.TRUST_STORE);
  }

  /// It has the output of its hook, and writes to it when it is told to.
  private void letAHookStartAService() throws Exception {
    execute("mkfifo", directory.resolve("go").toString());
    Path hook = HOOKS.resolve("service");
    Files.writeString(
        hook,
        """
        #!/bin/sh
        cd '%s'
        [ -e started ] && exit 0
        touch started
        (read -r _ < go; echo late; echo late >&2; echo written > written) &
        """
            .formatted(directory));
    execute("chmod", "755", hook.toString());
  }

  private void seesTheServiceWriteAndGoOn() throws Exception {
    try (var go = new RandomAccessFile(directory.resolve("go").toFile(), "rw")) {
      go.write('\n');
      Await.until(LIMIT, () -> assertThat(directory.resolve("written")).hasContent("written"));
    }
  }

  private void seesABundleWithoutIt(TestCertificates authority, Map<Path, String> untouched)
      throws Exception {
    Files.writeString(BUNDLE, String.valueOf(untouched.get(BUNDLE)));
    assertThat(observed()).isEqualTo("not in the bundle");
    assertThat(apply(authority)).isEqualTo(new Outcome.Applied());
    assertThat(observed()).startsWith("sha256:");
  }

  private void goesBackWhereTheProgramDoesNothing(TestCertificates next, TestCertificates before)
      throws Exception {
    Path idle = Files.writeString(directory.resolve("idle"), "#!/bin/sh\n");
    execute("chmod", "755", idle.toString());
    execute("mount", "--bind", idle.toString(), PROGRAM.toString());
    Outcome outcome = apply(next);
    execute("umount", PROGRAM.toString());
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.reason()).isEqualTo(FailureReason.NotEffective));
    assertThat(Path.of("/" + ID.name())).hasSameTextualContentAs(before.ca());
    assertThat(trusts(before)).isTrue();
  }

  /// Whether a new process that knows nothing but the system's store trusts what an authority
  /// signed.
  private boolean trusts(TestCertificates authority) throws Exception {
    TestCertificates.Issued issued = authority.server(IsolatedJvm.ADDRESS);
    var options =
        RegistryServer.Options.plain(IsolatedJvm.ADDRESS, 5000)
            .withTls(issued.certificate(), issued.key());
    try (RegistryServer _ = RegistryServer.start(directory, options)) {
      String image = "docker://" + IsolatedJvm.ADDRESS + ":5000/demo/none:1";
      Path log = directory.resolve("skopeo.log");
      int status =
          new ProcessBuilder("skopeo", "--override-os", "linux", "inspect", image)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start()
              .waitFor();
      String said = Files.readString(log);
      assertThat(status).as(said).isNotZero();
      assertThat(said).containsAnyOf("unknown authority", "manifest unknown");
      return said.contains("manifest unknown");
    }
  }

  private Outcome apply(TestCertificates authority) throws Exception {
    String ca = Files.readString(authority.ca());
    Compiled.Payloads payloads = (_, _) -> new Payload.Text(Secret.of(ca));
    var fields =
        new TreeMap<String, FieldValue>(Map.of("content", new FieldValue.Plain("as compiled")));
    return target.apply("production", new Change.Create(ID, fields), payloads);
  }

  private String observed() throws Exception {
    ObservedField content =
        Observing.all(target, "production", Set.of(ID)).getFirst().fields().get("content");
    return ((FieldValue.Plain) requireNonNull(content).value()).text();
  }

  private static Map<Path, String> listing() throws IOException {
    var listing = new TreeMap<Path, String>();
    for (Path top : List.of(OURS, STORE)) {
      try (Stream<Path> paths = Files.walk(top)) {
        for (Path path : paths.toList()) {
          boolean file = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
          String link = Files.isSymbolicLink(path) ? "-> " + Files.readSymbolicLink(path) : "";
          boolean text = file && path.toString().endsWith(".crt");
          listing.put(path, text ? Files.readString(path) : link);
        }
      }
    }
    return listing;
  }

  private static void execute(String... command) throws Exception {
    var words = new ArrayList<>(Arrays.asList(command));
    Process process =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).as(words.toString()).isZero();
  }
}
