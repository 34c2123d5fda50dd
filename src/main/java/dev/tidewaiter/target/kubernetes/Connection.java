package dev.tidewaiter.target.kubernetes;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidewaiter.target.kubernetes.ClusterSettings.Access;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The way to an API server, opened when it is first used, and anew whenever what it was made of
/// has changed: the kubeconfig, a certificate, or what a credential plugin gave.
final class Connection implements AutoCloseable {
  private static final String OWN_NAMESPACE = "tidewaiter-system";

  /// How often files are looked at: thousands of requests a second must not each do so.
  private static final Duration LOOK = Duration.ofSeconds(1);

  /// Changes with each write to a file, and with its mode and owner.
  private static final String STAMP = "unix:dev,ino,size,ctime";

  private final Access access;
  private final Map<String, String> environment;
  private final InstantSource clock;
  private final @Nullable String configuredNamespace;

  @GuardedBy("this")
  private @Nullable Opened opened;

  @GuardedBy("this")
  private boolean closed;

  /// On the clock of `System.nanoTime`.
  @GuardedBy("this")
  private long lookedAt;

  /// @param stamps of the files that it was made of
  /// @param certificate the one that a plugin gave; empty for none
  private record Opened(
      Credentials credentials, Map<Path, String> stamps, String certificate, Link link) {}

  /// @param environment the process's, for the API server's address within a cluster
  Connection(ClusterSettings settings, Map<String, String> environment, InstantSource clock) {
    this.access = settings.access();
    this.configuredNamespace = settings.namespace();
    this.environment = environment;
    this.clock = clock;
  }

  /// The client to use now, which the caller closes after its request.
  ///
  /// @throws IOException if there is none now: what is needed cannot be read, may not be trusted,
  ///   or a credential plugin failed; with a message for people
  synchronized Link link() throws IOException {
    if (closed) {
      throw new IOException("the daemon is stopping");
    }
    Opened last = opened;
    if (last == null || haveFilesChanged(last)) {
      // Before it is read: what changes later is noticed.
      Map<Path, String> stamps = stamps(kubeconfig());
      Credentials credentials = credentials();
      stamps.putAll(stamps(credentials.files()));
      return replace(last, credentials, stamps);
    }
    return last.credentials().certificate().equals(last.certificate())
        ? last.link().hold()
        : replace(last, last.credentials(), last.stamps());
  }

  @GuardedBy("this")
  private boolean haveFilesChanged(Opened last) {
    long now = System.nanoTime();
    if (now - lookedAt < LOOK.toNanos()) {
      return false;
    }
    lookedAt = now;
    return !stamps(last.stamps().keySet()).equals(last.stamps());
  }

  @GuardedBy("this")
  private Link replace(@Nullable Opened last, Credentials credentials, Map<Path, String> stamps)
      throws IOException {
    String certificate = credentials.certificate();
    Link link = Link.open(credentials.config());
    opened = new Opened(credentials, stamps, certificate, link);
    if (last != null) {
      last.link().close();
    }
    return link.hold();
  }

  private Credentials credentials() throws IOException {
    return switch (access) {
      case Access.InCluster(Path directory) -> PodFiles.credentials(directory, environment);
      case Access.Kubeconfig(Path file, String context) -> Kubeconfig.load(file, context, clock);
    };
  }

  private List<Path> kubeconfig() {
    return switch (access) {
      case Access.InCluster _ -> List.of();
      case Access.Kubeconfig(Path file, String _) -> List.of(file);
    };
  }

  /// The API server does not know us any more: what a plugin gave is not used again.
  ///
  /// @return whether there is a plugin to ask anew
  synchronized boolean refused() {
    return opened != null && opened.credentials().forget();
  }

  /// The daemon's own namespace.
  String namespace() {
    if (configuredNamespace != null) {
      return configuredNamespace;
    }
    return switch (access) {
      case Access.InCluster(Path directory) -> PodFiles.namespace(directory).orElse(OWN_NAMESPACE);
      case Access.Kubeconfig _ -> OWN_NAMESPACE;
    };
  }

  private static Map<Path, String> stamps(Iterable<Path> files) {
    var stamps = new TreeMap<Path, String>();
    for (Path file : files) {
      try {
        stamps.put(file, new TreeMap<>(Files.readAttributes(file, STAMP)).toString());
      } catch (IOException _) {
        stamps.put(file, "unreadable");
      }
    }
    return stamps;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (opened != null) {
      opened.link().close();
      opened = null;
    }
  }
}
