package dev.tidewaiter.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidewaiter.model.Visible;
import dev.tidewaiter.reconcile.RuntimeReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What one runtime of a host does with one image.
///
/// @param runtime such as `docker`
/// @param version as it says itself; empty if it could not be asked
/// @param verdict `Allowed`, `Denied`, or `NotDenied`: it should be, and the runtime cannot
/// @param detail for people
/// @param pulled what really comes under the image's name; absent if it is the image itself
/// @param asked servers in the order in which they are asked
/// @param credentials whose it has for that, such as `user root`; empty if it pulls as anybody
/// @param unsupported what it cannot do of what is declared for this image
@JsonInclude(JsonInclude.Include.NON_NULL)
record RuntimePull(
    String runtime,
    String version,
    String verdict,
    String detail,
    @Nullable String pulled,
    List<String> asked,
    List<String> credentials,
    List<RuntimeReport.Lack> unsupported) {

  static final String ALLOWED = "Allowed";
  static final String DENIED = "Denied";
  static final String NOT_DENIED = "NotDenied";

  /// `on docker 29.0.0 with the containerd image store: allowed: ...`
  String title() {
    String said =
        switch (verdict) {
          case DENIED -> "denied as declared (`status` says whether that is in force)";
          case NOT_DENIED -> "not denied, though it should be";
          default -> verdict.toLowerCase(Locale.ROOT);
        };
    return "on %s: %s: %s".formatted(RuntimeText.name(runtime, version), said, Visible.of(detail));
  }

  private boolean isDenied() {
    return verdict.equals(DENIED);
  }

  /// What else is to be known, each on one line.
  List<String> lines() {
    var lines = new ArrayList<String>();
    boolean comes = !isDenied();
    if (comes && asked.size() > 1) {
      lines.add("asked in this order: " + String.join(", ", asked));
    }
    if (comes) {
      lines.add(
          "credential: "
              + (credentials.isEmpty()
                  ? "none, so pulled as anybody"
                  : "of " + String.join(", of ", credentials)));
    }
    lines.addAll(RuntimeText.lacking(unsupported));
    return lines;
  }
}
