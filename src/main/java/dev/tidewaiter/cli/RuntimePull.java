package dev.tidewaiter.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidewaiter.model.Visible;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What one runtime of a host does with one image.
///
/// @param runtime such as `docker`
/// @param version as it says itself; empty if it could not be asked
/// @param verdict `Allowed` or `Denied`
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
    List<String> unsupported) {

  /// `on docker 29.0.0 with the containerd image store: allowed: ...`
  String title() {
    String name =
        version.isEmpty() ? runtime + ", which could not be asked" : runtime + " " + version;
    return "on %s: %s: %s"
        .formatted(Visible.of(name), verdict.toLowerCase(Locale.ROOT), Visible.of(detail));
  }

  /// What else is to be known, each on one line.
  List<String> lines() {
    var lines = new ArrayList<String>();
    boolean allowed = verdict.equals("Allowed");
    if (allowed && pulled != null) {
      lines.add("really pulled: " + pulled);
    }
    if (allowed && asked.size() > 1) {
      lines.add("asked in this order: " + String.join(", ", asked));
    }
    if (allowed) {
      lines.add(
          "credential: "
              + (credentials.isEmpty()
                  ? "none, so pulled as anybody"
                  : "of " + String.join(", of ", credentials)));
    }
    unsupported.forEach(what -> lines.add("cannot: " + Visible.of(what)));
    return lines;
  }
}
