package dev.tidewaiter.config;

import dev.tidewaiter.model.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells our documents from others. One that is not ours is a problem and never ignored: a typing
/// error in `apiVersion` must not turn into a withdrawal.
final class Foreign {
  private static final String LEAVE_OUT =
      "Leave a file that is not a declaration out with `.tidewaiterignore`.";

  private Foreign() {}

  /// The kind of a declaration.
  ///
  /// @param problems receives what is wrong with it
  /// @return null if it is not ours, or no declaration
  static @Nullable Kind kindOf(Document document, List<Problem> problems) {
    if (!document.root().isObject()) {
      problems.add(
          new Problem(
              document.placeOf(""),
              "The document is " + Words.of(document.root()) + ", not a declaration.",
              LEAVE_OUT));
      return null;
    }
    if (!document.isOurs()) {
      problems.add(notOurs(document));
      return null;
    }
    Kind kind = Kind.find(document.kind());
    if (kind == null || kind == Kind.DAEMON) {
      problems.add(wrongKind(document, kind));
      return null;
    }
    return kind;
  }

  private static Problem notOurs(Document document) {
    boolean meant = Kind.declared().contains(document.kind());
    return new Problem(
        document.placeOf("/apiVersion"),
        document.root().has("apiVersion")
            ? "The document is not ours: `apiVersion` is not `" + Kind.API_VERSION + "`."
            : "The document is not ours: it has no `apiVersion`.",
        meant ? "Write `apiVersion: " + Kind.API_VERSION + "`." : LEAVE_OUT);
  }

  private static Problem wrongKind(Document document, @Nullable Kind kind) {
    return kind == Kind.DAEMON
        ? new Problem(
            document.placeOf("/kind"),
            "A daemon's own configuration does not belong in the config repository.",
            "Keep it on the daemon's machine and pass it with `--config`.")
        : new Problem(
            document.placeOf("/kind"),
            "`kind` is missing or unknown.",
            Nearest.hint(document.kind(), Kind.declared()));
  }
}
