package dev.tidewaiter.source.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.source.SourceException;
import dev.tidewaiter.source.git.GitSettings.Login;
import dev.tidewaiter.source.git.GitSettings.Reference;
import dev.tidewaiter.testbed.GitRepository;
import dev.tidewaiter.testbed.HttpsGitServer;
import dev.tidewaiter.testbed.ServerProcess;
import dev.tidewaiter.testbed.TestCertificates;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A large file that Git stores as a difference, against Git's http-backend and with little memory.
class LargeFilesIT {
  private static final String TOKEN = "any";

  /// Fetches twice in a process of its own, and says what came of it.
  static final class Fetching {
    private Fetching() {}

    /// @param arguments URL, authority, file with the token, directory for the clone
    public static void main(String[] arguments) {
      var settings =
          new GitSettings(
              URI.create(arguments[0]),
              new Reference.Branch("main"),
              ".",
              new Login.Token(HttpsGitServer.USERNAME, Path.of(arguments[2])),
              Path.of(arguments[1]),
              null,
              Path.of(arguments[3]));
      try (var source = new GitSource(settings)) {
        for (int i = 0; i < 2; i++) {
          System.out.println(fetched(source));
        }
      }
    }

    private static String fetched(GitSource source) {
      try {
        return "fetched " + source.snapshot(source.fetch()).entries().size();
      } catch (SourceException e) {
        return "failed " + e.getMessage();
      }
    }
  }

  @Test
  void isNamedWhereMemoryDoesNotSufficeAndOtherwiseStaysThere(@TempDir Path temporary)
      throws IOException {
    GitRepository repository = GitRepository.create(temporary);
    byte[] random = new byte[14 << 20];
    new Random(1).nextBytes(random);
    repository.write("a.yaml", "a");
    for (int i = 0; i < 2; i++) {
      random[i] ^= 1;
      Files.write(repository.work().resolve("picture.bin"), random);
      repository.commit("Change " + i);
    }
    repository.git("--git-dir=" + repository.bare(), "repack", "-adq");
    TestCertificates authority = TestCertificates.create(temporary.resolve("authority"));
    try (HttpsGitServer server =
        HttpsGitServer.start(temporary, authority.server("localhost"), "localhost", TOKEN)) {
      String url = server.url("remote.git").toString();
      Path token = Files.writeString(temporary.resolve("token"), TOKEN);
      assertThat(fetchTwice(temporary, url, authority.ca().toString(), token.toString()))
          .hasSize(2)
          .allMatch(line -> line.startsWith("failed " + url + ": there is too little memory"));
      // To list, to download without and with large files, and to list once more.
      assertThat(server.requests()).filteredOn(r -> r.method().equals("GET")).hasSize(4);
      repository.git("--git-dir=" + repository.bare(), "config", "uploadpack.allowFilter", "true");
      assertThat(fetchTwice(temporary, url, authority.ca().toString(), token.toString()))
          .containsExactly("fetched 1", "fetched 1");
    }
  }

  private static Iterable<String> fetchTwice(
      Path temporary, String url, String authority, String token) throws IOException {
    Path log = Files.createTempFile(temporary, "fetching", ".log");
    var command =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx28m",
            "-cp",
            System.getProperty("java.class.path"),
            Fetching.class.getName(),
            url,
            authority,
            token,
            temporary.resolve("state").toString());
    try (ServerProcess process = ServerProcess.start("fetching", command, log)) {
      assertThat(process.awaitEnd(Duration.ofMinutes(2))).as(process::tail).isTrue();
      try (var lines = Files.lines(log)) {
        return lines.filter(line -> line.matches("(fetched|failed) .*")).toList();
      }
    }
  }
}
