package dev.tidewaiter.target.host.containers;

import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.target.host.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// podman and skopeo of this machine. Each trial has a home and a storage of its own, in a
/// temporary directory that is gone afterwards, and asks a [TrialRegistry]: nobody's registry is
/// contacted, and no image stays behind.
///
/// skopeo is preferred, which keeps nothing anywhere. podman would share its locks in `/dev/shm`
/// with the podman of the machine, so it gets locks in files.
///
/// A drop-in of that home comes on top of those of the machine; that is how both programs take one
/// that is not in place yet, whatever their version.
///
/// Source: containers-registries.conf.d(5), and `newConfigWrapperWithHomeDir` in containers/image
/// `pkg/sysregistriesv2`.
final class LocalTrials implements Trials {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String REJECTED = "is rejected by policy";
  private static final List<String> DIRECTORIES = List.of("/usr/bin", "/usr/local/bin", "/bin");

  @Override
  public List<Program> programs() {
    var programs = new ArrayList<Program>();
    if (has("skopeo")) {
      programs.add(question -> judge(question, LocalTrials::skopeo));
    }
    if (has("podman")) {
      programs.add(question -> judge(question, LocalTrials::podman));
    }
    return List.copyOf(programs);
  }

  private static boolean has(String program) {
    return DIRECTORIES.stream()
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  /// How a program is told to pull.
  private interface Pull {
    List<String> words(Path scratch, @Nullable Path policy, String image);
  }

  private static List<String> podman(Path scratch, @Nullable Path policy, String image) {
    var words = new ArrayList<>(List.of("podman", "--root", scratch.resolve("root").toString()));
    words.addAll(List.of("--runroot", scratch.resolve("runroot").toString()));
    words.addAll(List.of("--tmpdir", scratch.resolve("tmp").toString()));
    words.addAll(List.of("--storage-driver", "vfs", "--cgroup-manager", "cgroupfs"));
    words.addAll(List.of("--events-backend", "none", "pull", "--quiet"));
    if (policy != null) {
      words.addAll(List.of("--signature-policy", policy.toString()));
    }
    words.add(image);
    return words;
  }

  private static List<String> skopeo(Path scratch, @Nullable Path policy, String image) {
    var words = new ArrayList<>(List.of("skopeo"));
    if (policy != null) {
      words.addAll(List.of("--policy", policy.toString()));
    }
    words.addAll(List.of("copy", "docker://" + image, "dir:" + scratch.resolve("image")));
    return words;
  }

  private static Verdict judge(Question question, Pull pull) throws IOException {
    Path scratch = Files.createTempDirectory("tidewaiter-trial");
    try (TrialRegistry registry = TrialRegistry.start()) {
      String repository = question.prefix() + "/tidewaiter-proof-" + random();
      prepare(scratch, question, repository, registry.location());
      FileContent policy = question.policy();
      Path file = policy == null ? null : write(scratch.resolve("policy.json"), policy);
      var words =
          new ArrayList<>(
              List.of(
                  "/usr/bin/env",
                  "HOME=" + home(scratch),
                  "CONTAINERS_CONF=" + scratch.resolve("containers.conf"),
                  // Without CAP_SYS_ADMIN, which our unit does not have, podman would look for a
                  // user namespace, as if it were not root's; containers/podman pkg/rootless.
                  "_CONTAINERS_USERNS_CONFIGURED=done",
                  "CONTAINERS_STORAGE_CONF=" + scratch.resolve("storage.conf")));
      words.addAll(pull.words(scratch, file, repository + "/none:1"));
      Command.Result result = new Command(words, LIMIT).run();
      if (registry.wasAskedForBlob()) {
        return Verdict.ACCEPTED;
      }
      return registry.wasAskedForManifest() && result.output().contains(REJECTED)
          ? Verdict.REJECTED
          : Verdict.BROKEN;
    } finally {
      delete(scratch);
    }
  }

  private static Path home(Path scratch) {
    return scratch.resolve("home");
  }

  // Where the registry is must not show elsewhere, such as in arguments: see [TrialRegistry].
  private static void prepare(Path scratch, Question question, String repository, String location)
      throws IOException {
    Path dropIns = home(scratch).resolve(".config/containers/registries.conf.d");
    Files.createDirectories(dropIns);
    if (question.dropIn() != null) {
      write(dropIns.resolve("98-new.conf"), question.dropIn());
    }
    String redirect =
        "[[registry]]\nprefix = \"%s\"\nlocation = \"%s\"\ninsecure = true\n"
            .formatted(repository, location);
    write(dropIns.resolve("99-trial.conf"), text(redirect));
    String storage =
        "[storage]\ndriver = \"vfs\"\ngraphroot = \"%1$s/root\"\nrunroot = \"%1$s/runroot\"\n"
            .formatted(scratch);
    write(scratch.resolve("storage.conf"), text(storage));
    write(scratch.resolve("containers.conf"), text("[engine]\nlock_type = \"file\"\n"));
  }

  private static FileContent text(String text) {
    return FileContent.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Path write(Path file, FileContent content) throws IOException {
    return Files.write(file, content.bytes());
  }

  private static String random() {
    var bytes = new byte[6];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
