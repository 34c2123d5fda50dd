package dev.tidewaiter.model;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The name of an image as containers write it, with what it leaves out filled in as Docker and
/// containerd do.
///
/// Source: [distribution reference
/// grammar](https://github.com/distribution/reference/blob/main/reference.go) and its
/// `normalize.go`: the part before the first `/` is a host if it has a dot or a colon, is
/// `localhost`, or has an upper-case letter; else the host is Docker Hub. `index.docker.io` is
/// `docker.io`, and a name without a path there is below `library/`. A repository has at most 255
/// characters, whatever its host. Digests are [those that containers
/// use](https://github.com/opencontainers/go-digest/blob/master/algorithm.go).
///
/// In three things it is stricter. A port has no leading zero: runtimes dial `:0443` as `:443`, and
/// it would slip past what is compared as text. And `host_name.example/app`, whose first part can
/// be no host, is nothing here; the grammar takes it for a repository without any. And
/// `sha256:1a3f` is the beginning of an image's id, not a tag of Docker Hub's `sha256`: [containerd
/// looks
/// up](https://github.com/containerd/containerd/blob/main/internal/cri/server/images/service.go)
/// what is on the node by it, whatever registry that came from.
///
/// @param host with its port, as written; `docker.io` if none is written
/// @param repository the path at that host, with `library/` where Docker Hub adds it
/// @param tag null if none is written
/// @param digest `algorithm:hex`; null if none is written
public record ImageReference(
    String host, String repository, @Nullable String tag, @Nullable String digest)
    implements Comparable<ImageReference> {
  private static final String HUB = "docker.io";
  private static final String COMPONENT = "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*";
  private static final String LABEL = "([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
  private static final Pattern HOST =
      Pattern.compile("(" + LABEL + "(\\." + LABEL + ")*|\\[[a-fA-F0-9:]+])(:[1-9][0-9]*)?");
  private static final Pattern REST =
      Pattern.compile(
          "(?<path>"
              + COMPONENT
              + "(/"
              + COMPONENT
              + ")*)(:(?<tag>[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}))?"
              + "(@(?<digest>sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128}))?");
  private static final Pattern IDENTIFIER =
      Pattern.compile("[a-f0-9]{64}|sha(256|384|512):[a-f0-9]+");
  private static final int LONGEST_REPOSITORY = 255;

  /// More than the longest host of DNS, repository, tag and digest take together.
  private static final int LONGEST = 1024;

  /// Empty if the text is no image reference, such as one with an upper-case path, or an image's
  /// id: 64 hexadecimal digits for a name, or any after `sha256:`.
  public static Optional<ImageReference> parse(String text) {
    if (text.length() > LONGEST || IDENTIFIER.matcher(text).matches()) {
      return Optional.empty();
    }
    int slash = text.indexOf('/');
    boolean named = hasHost(text);
    String first = named ? text.substring(0, slash) : "";
    Matcher rest = REST.matcher(named ? text.substring(slash + 1) : text);
    if ((named && !HOST.matcher(first).matches()) || !rest.matches()) {
      return Optional.empty();
    }
    String host = !named || first.equals("index.docker.io") ? HUB : first;
    String path = rest.group("path");
    String repository = host.equals(HUB) && !path.contains("/") ? "library/" + path : path;
    return repository.length() > LONGEST_REPOSITORY
        ? Optional.empty()
        : Optional.of(
            new ImageReference(host, repository, rest.group("tag"), rest.group("digest")));
  }

  /// Whether what stands before the first `/` of an image is a host, or what stands for one.
  public static boolean hasHost(String text) {
    int slash = text.indexOf('/');
    String first = slash < 0 ? "" : text.substring(0, slash);
    return first.contains(".")
        || first.contains(":")
        || first.equals("localhost")
        || first.chars().anyMatch(c -> c >= 'A' && c <= 'Z');
  }

  /// What is asked of the registry: the digest if there is one, else the tag, else `latest`.
  public String version() {
    if (digest != null) {
      return digest;
    }
    return tag == null ? "latest" : tag;
  }

  /// The registry that serves it, if a declaration could name it.
  public Optional<RegistryAddress> address() {
    String lower = host.toLowerCase(Locale.ROOT);
    return RegistryAddress.mistakeIn(lower).isEmpty()
        ? Optional.of(new RegistryAddress(lower))
        : Optional.empty();
  }

  @Override
  public int compareTo(ImageReference other) {
    return toString().compareTo(other.toString());
  }

  /// The canonical form: with host and path, and the tag `latest` where neither tag nor digest is
  /// written.
  @Override
  public String toString() {
    String name = host + "/" + repository;
    String tagged = tag == null ? name : name + ":" + tag;
    if (digest != null) {
      return tagged + "@" + digest;
    }
    return tag == null ? name + ":latest" : tagged;
  }
}
