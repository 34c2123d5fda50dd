package dev.tidewaiter.config;

import dev.tidewaiter.model.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// URLs of servers that the daemon shows secrets to.
///
/// A password in one is refused, and so is plain http to anything but this machine. Messages never
/// quote a URL: it may contain a password.
final class Urls {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

  /// The hint where a login is in a URL, for what has a field for it.
  static final String UNDER_AUTH = "Put it into a file, and name that under `auth`.";

  private final List<Problem> problems;

  Urls(List<Problem> problems) {
    this.problems = problems;
  }

  /// @param schemes those that are allowed; with https, http to this machine is as well
  /// @param login the hint where one is in the URL
  /// @return null if there was a problem
  @Nullable URI read(Fields fields, String name, Set<String> schemes, String login) {
    URI url;
    try {
      url = new URI(fields.text(name));
    } catch (URISyntaxException e) {
      return refuse(fields, name, "is not a URL", schemes);
    }
    String scheme = url.getScheme() == null ? "" : url.getScheme();
    String host = url.getHost();
    boolean local =
        scheme.equals("http")
            && schemes.contains("https")
            && host != null
            && LOOPBACK.matcher(host).matches();
    if (!schemes.contains(scheme) && !local) {
      return refuse(fields, name, "has a scheme that is not allowed here", schemes);
    }
    if (host == null && !scheme.equals("file")) {
      return refuse(fields, name, "has no host", schemes);
    }
    String user = url.getRawUserInfo();
    if (user != null && (user.contains(":") || !scheme.equals("ssh"))) {
      problems.add(fields.problem(name, "contains a user or password", login));
      return null;
    }
    return url;
  }

  private @Nullable URI refuse(Fields fields, String name, String what, Set<String> schemes) {
    String hint =
        "Write a URL with "
            + Nearest.quoted(schemes)
            + (schemes.contains("https") ? "; `http` reaches this machine only." : ".");
    problems.add(fields.problem(name, what, hint));
    return null;
  }
}
