package dev.tidewaiter.model;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The address of a registry: a host with an optional port, in lower case, as a declaration writes
/// it.
///
/// `docker.io` and `index.docker.io` are the same registry, Docker Hub; compare with [#canonical].
/// `registry-1.docker.io` is a host of its own, and `:443` stays distinct, because runtimes and
/// kubelets tell it apart.
///
/// Source: [distribution reference
/// grammar](https://github.com/distribution/reference/blob/main/reference.go), without IPv6.
public record RegistryAddress(String text) implements Comparable<RegistryAddress> {
  private static final String LABEL = "[a-z0-9]([a-z0-9-]*[a-z0-9])?";
  private static final Pattern FORM =
      Pattern.compile(LABEL + "(\\." + LABEL + ")*(:(?<port>[1-9][0-9]{0,4}))?");
  private static final String HUB = "docker.io";
  private static final String HUB_INDEX = "index.docker.io";

  /// @throws IllegalArgumentException if the text is no host with an optional port, with a message
  ///   that says what to write
  public RegistryAddress {
    mistakeIn(text)
        .ifPresent(
            mistake -> {
              throw new IllegalArgumentException(mistake);
            });
  }

  /// What is wrong with a text as an address, as a hint what to write; empty if nothing is.
  public static Optional<String> mistakeIn(String text) {
    if (text.contains("://")) {
      return hint(
          text,
          "Write the host and port alone, without a scheme",
          text.replaceFirst(".*://", "").replaceFirst("/.*", ""));
    }
    if (text.contains("/")) {
      return hint(
          text, "Write the host and port alone, without a path", text.replaceFirst("/.*", ""));
    }
    if (text.contains("@")) {
      return hint(
          text, "Write the host and port alone, without a user", text.replaceFirst(".*@", ""));
    }
    if (text.contains("*")) {
      return Optional.of("Write one registry for each host: a wildcard is not an address.");
    }
    if (text.contains("[") || text.chars().filter(c -> c == ':').count() > 1) {
      return Optional.of(
          "Write a host name: IPv6 addresses are not supported, because runtimes disagree on them.");
    }
    if (!text.toLowerCase(Locale.ROOT).equals(text)) {
      return hint(text, "Write it in lower case", text.toLowerCase(Locale.ROOT));
    }
    var matcher = FORM.matcher(text);
    if (!matcher.matches() || text.length() > 255) {
      return Optional.of(
          "Write a host with an optional port, such as `registry.example.com:5000`.");
    }
    String port = matcher.group("port");
    return port != null && Integer.parseInt(port) > 65_535
        ? Optional.of("Write a port from 1 to 65535.")
        : Optional.empty();
  }

  private static Optional<String> hint(String text, String what, String corrected) {
    boolean usable =
        !corrected.isEmpty() && !corrected.equals(text) && mistakeIn(corrected).isEmpty();
    return Optional.of(usable ? what + ": `" + corrected + "`." : what + ".");
  }

  /// The form in which two addresses are equal exactly if they are the same registry: Docker Hub
  /// becomes `docker.io`.
  public RegistryAddress canonical() {
    return text.equals(HUB_INDEX) ? new RegistryAddress(HUB) : this;
  }

  /// Whether this is Docker Hub, under either of its names.
  public boolean isDockerHub() {
    return text.equals(HUB) || text.equals(HUB_INDEX);
  }

  /// The key under which Docker clients and kubelets look for its credential in `auths`.
  ///
  /// Source: [docker login](https://docs.docker.com/reference/cli/docker/login/): Docker Hub alone
  /// is written as a URL.
  public String authsKey() {
    return isDockerHub() ? "https://index.docker.io/v1/" : text;
  }

  @Override
  public int compareTo(RegistryAddress other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
