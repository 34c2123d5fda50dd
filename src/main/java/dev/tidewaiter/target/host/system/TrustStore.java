package dev.tidewaiter.target.host.system;

import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.host.Command;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The bundle of a host's trust store: what is in it, and making it anew.
///
/// @param root of the host; under any other than `/` nothing is run, and what would be in the
///   bundle is taken to be
record TrustStore(Path root, Family family, Programs programs) {
  /// Reading a few hundred certificates takes a second or two, and hooks such as Java's store more.
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /// What runs a program of the host, whose hooks may start services.
  interface Programs {
    boolean succeed(Command command) throws IOException;
  }

  boolean isLive() {
    return isLive(root);
  }

  static boolean isLive(Path root) {
    return root.toAbsolutePath().normalize().equals(Path.of("/"));
  }

  /// Whether programs trust what is in a file.
  boolean trusts(FileContent file) throws IOException {
    return !isLive() || Bundle.contains(root.resolve(family.bundle().text()), file);
  }

  /// After a file was added.
  void add(HostPath path) throws IOException {
    run(path, family.add());
  }

  /// After a file was changed or taken away.
  void renew(HostPath path) throws IOException {
    run(path, family.renew());
  }

  private void run(HostPath path, List<String> words) throws IOException {
    if (isLive() && !programs.succeed(new Command(words, LIMIT))) {
      throw new HostFileException(
          FailureReason.NotEffective,
          path + ": " + String.join(" ", words) + " failed. Run it to see why.");
    }
  }
}
