package dev.tidewaiter.cli;

import ch.qos.logback.classic.Level;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which two revisions a command compares, and where it finds them.
final class RevisionOptions {
  @Option(
      names = "--from",
      paramLabel = "REV",
      description =
          "The revision before: an id, or an expression such as main~1 (default: what is in force;"
              + " with --checkout, what is checked out).")
  private @Nullable String from;

  @Option(
      names = "--to",
      paramLabel = "REV",
      description =
          "The revision after (default: the newest of the branch; with --checkout, the files as they"
              + " are, committed or not).")
  private @Nullable String to;

  @Option(
      names = "--checkout",
      paramLabel = "DIRECTORY",
      description = "Read both revisions from this Git checkout; no configuration is needed.")
  private @Nullable Path checkout;

  boolean hasCheckout() {
    return checkout != null;
  }

  boolean isAsked() {
    return from != null || to != null || checkout != null;
  }

  /// Without asking anything but the repository.
  ///
  /// @param options used unless there is a checkout
  Comparison readOffline(DaemonOptions options) throws CommandFailure {
    if (checkout != null) {
      return CheckoutRevisions.read(checkout, from, to);
    }
    try (Wiring wiring = Wiring.ofPreview(options.load(Level.WARN).withoutTargets())) {
      return read(wiring);
    }
  }

  /// From the checkout, if there is one; else from the daemon's clone, after asking the repository.
  Comparison read(Wiring wiring) throws CommandFailure {
    return checkout == null
        ? new CloneRevisions(wiring.source(), wiring.round()).read(from, to)
        : CheckoutRevisions.read(checkout, from, to);
  }
}
