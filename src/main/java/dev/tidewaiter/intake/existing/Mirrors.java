package dev.tidewaiter.intake.existing;

import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.Visible;

/// Mirrors are not in this release: they are told of and not written.
final class Mirrors {
  private Mirrors() {}

  static Found left(Origin origin, String of, String mirror) {
    return new Found.Left(
        origin,
        Visible.of(of),
        "Its mirror `"
            + Visible.of(withoutUser(mirror))
            + "` is left: mirrors are not in this release.");
  }

  /// Whether a mirror's URL is the registry itself, which merely says how it is reached.
  static boolean isItself(RegistryAddress of, String url) {
    return AuthsKey.parse(url) instanceof AuthsKey.Named(RegistryAddress address)
        && address.equals(of);
  }

  // A URL may hold a password.
  private static String withoutUser(String url) {
    return url.replaceFirst("^([a-zA-Z]+://)?[^/]*@", "$1");
  }
}
