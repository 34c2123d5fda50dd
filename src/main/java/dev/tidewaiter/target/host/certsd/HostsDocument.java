package dev.tidewaiter.target.host.certsd;

import dev.tidewaiter.desired.RegistryHost;
import dev.tidewaiter.desired.RegistryHost.Endpoint;
import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.FileContent;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// A `hosts.toml` of ours: what it means, and its text.
///
/// The text has a fixed form that containerd from 1.6 and dockerd from 28 read alike. An unreadable
/// file fails open, so whatever is written was read back before. `server` and the options beside it
/// repeat the last endpoint, because without `server` the real registry is asked last, and 1.6
/// needs at least one table `host`. Only the registry itself may be pushed to.
///
/// Source: [registry host
/// namespace](https://github.com/containerd/containerd/blob/main/docs/hosts.md).
///
/// @param registry `host[:port]`, or `_default`: the name of the directory
/// @param authorizations the credential for each endpoint, by its number; without e-mail
/// @param admitted the registries that a denial admits, for `_default` alone
public record HostsDocument(
    String registry,
    RegistryHost host,
    SortedMap<Integer, Credential> authorizations,
    SortedSet<String> admitted) {
  /// The directory for what has none of its own.
  public static final String DEFAULT = "_default";

  /// The name of the file.
  public static final String NAME = "hosts.toml";

  public HostsDocument {
    authorizations = Collections.unmodifiableSortedMap(new TreeMap<>(authorizations));
    admitted = Collections.unmodifiableSortedSet(new TreeSet<>(admitted));
  }

  /// How a registry is reached.
  public static HostsDocument reached(
      String registry, List<Endpoint> endpoints, SortedMap<Integer, Credential> authorizations) {
    return new HostsDocument(
        registry, new RegistryHost.Reached(endpoints), authorizations, new TreeSet<>());
  }

  /// Nothing can be pulled from a registry.
  public static HostsDocument denied(String registry) {
    return new HostsDocument(registry, new RegistryHost.Denied(), new TreeMap<>(), new TreeSet<>());
  }

  /// Nothing can be pulled but from registries with a directory of their own.
  public static HostsDocument denial(SortedSet<String> admitted) {
    return new HostsDocument(DEFAULT, new RegistryHost.Denied(), new TreeMap<>(), admitted);
  }

  /// What a text means.
  ///
  /// @return empty unless it is of the form that we write, apart from white space and comments
  public static Optional<HostsDocument> parse(String registry, FileContent content) {
    return HostsReader.read(registry, content).filter(document -> document.text().isPresent());
  }

  /// The text.
  ///
  /// @throws IllegalArgumentException if it cannot be said in the form
  public FileContent render() {
    return text()
        .orElseThrow(() -> new IllegalArgumentException(registry + ": no hosts.toml means this"));
  }

  // Only what is read back as what it means is a text of it.
  private Optional<FileContent> text() {
    return new HostsWriter(this)
        .content()
        .filter(content -> HostsReader.read(registry, content).equals(Optional.of(this)));
  }

  /// Whether a file has exactly the text that we write.
  public boolean isRenderedAs(FileContent content) {
    return text().filter(text -> Arrays.equals(text.bytes(), content.bytes())).isPresent();
  }

  /// `0600` with a credential in it.
  public String mode() {
    return authorizations.isEmpty() ? "0644" : "0600";
  }

  public boolean isDenied() {
    return host instanceof RegistryHost.Denied;
  }

  /// In the order in which they are asked; none if it is denied.
  public List<Endpoint> endpoints() {
    return switch (host) {
      case RegistryHost.Denied() -> List.of();
      case RegistryHost.Reached(List<Endpoint> endpoints) -> endpoints;
    };
  }

  /// Whether an endpoint is the registry itself, so that it may be pushed to.
  boolean isItself(Endpoint endpoint) {
    String url = endpoint.url();
    return url.equals("https://" + registry)
        || url.equals("http://" + registry)
        || (registry.equals("docker.io") && url.equals("https://registry-1.docker.io"));
  }
}
