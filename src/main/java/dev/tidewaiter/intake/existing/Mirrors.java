package dev.tidewaiter.intake.existing;

import dev.tidewaiter.model.RegistryAddress;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Mirrors as files of runtimes name them, by URL. A declaration has `host[:port][/path]`, asked
/// over https and without a credential: what needs more is told of and left.
final class Mirrors {
  private static final Pattern PLAIN =
      Pattern.compile("https://(?<host>[^/@?#]+)(/v2)?(?<path>(/[a-z0-9]+([._-]+[a-z0-9]+)*)*)/?");

  private Mirrors() {}

  /// @param paths whether what follows `/v2` in the URL is where the mirror keeps the images
  static Found of(Origin origin, RegistryAddress address, String url, boolean paths) {
    Matcher plain = PLAIN.matcher(url);
    if (!plain.matches()
        || (!plain.group("path").isEmpty() && !(paths && url.contains("/v2/")))
        || RegistryAddress.mistakeIn(plain.group("host").toLowerCase(Locale.ROOT)).isPresent()) {
      return left(origin, address.text(), url);
    }
    String host = plain.group("host").toLowerCase(Locale.ROOT);
    return new Found.Mirror(origin, address, host + plain.group("path"));
  }

  static Found.Left left(Origin origin, String of, String mirror) {
    return new Found.Left(
        origin,
        of,
        "Its mirror `"
            + Quotation.of(mirror)
            + "` is left: declare it as a registry of its own, with what it needs, and name it"
            + " under `mirrors`.");
  }

  /// Whether a mirror's URL is the registry itself, which merely says how it is reached.
  static boolean isItself(RegistryAddress of, String url) {
    return AuthsKey.parse(url) instanceof AuthsKey.Named(RegistryAddress address)
        && address.equals(of);
  }
}
