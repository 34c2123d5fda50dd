package dev.tidewaiter.intake.existing;

import dev.tidewaiter.model.RegistryAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/// Reads `certs.d`: one directory for each registry, with containerd's `hosts.toml`, or with
/// Docker's certificates alone, which containerd reads as well.
///
/// Source: [containerd, registry host
/// namespace](https://github.com/containerd/containerd/blob/main/docs/hosts.md), [Docker, verify
/// repository client](https://docs.docker.com/engine/security/certificates/).
public final class CertsDirectory {
  private static final String HOSTS = "hosts.toml";

  private CertsDirectory() {}

  /// @throws UnreadableException if it, or a certificate or key that it names, cannot be read
  public static List<Found> read(Path directory) throws UnreadableException {
    var found = new ArrayList<Found>();
    for (Path host : children(directory)) {
      if (Files.isDirectory(host)) {
        found.addAll(host(host));
      }
    }
    return found;
  }

  private static List<Found> host(Path directory) throws UnreadableException {
    Path hosts = directory.resolve(HOSTS);
    Origin origin = Origin.ofFile(Files.exists(hosts) ? hosts : directory);
    // containerd also takes `host_5000_`, where a colon cannot be in a file name.
    String name = directory.getFileName().toString().replaceFirst("_([0-9]+)_$", ":$1");
    if (AuthsKey.parse(name) instanceof AuthsKey.Named(RegistryAddress address)) {
      return Files.exists(hosts)
          ? new HostsToml(origin, address, new TlsFiles(directory))
              .read(Reading.tree(hosts, TomlMapper.shared()))
          : certificates(origin, address, directory);
    }
    return List.of(new Found.Left(origin, name, "It is for no registry in particular."));
  }

  private static List<Found> certificates(Origin origin, RegistryAddress address, Path directory)
      throws UnreadableException {
    var files = new TlsFiles(directory);
    TlsDraft draft = TlsDraft.NONE;
    for (Path file : children(directory)) {
      String name = file.getFileName().toString();
      if (name.endsWith(".crt")) {
        draft = draft.and(files.authority(name));
      } else if (name.endsWith(".cert")) {
        draft = draft.and(files.client(name, name.replaceFirst("cert$", "key")));
      }
    }
    return draft.isEmpty() ? List.of() : List.of(new Found.Trust(origin, address, draft));
  }

  private static List<Path> children(Path directory) throws UnreadableException {
    try (Stream<Path> children = Files.list(directory)) {
      return children.sorted().toList();
    } catch (IOException | UncheckedIOException e) {
      throw new UnreadableException(
          directory + ": The directory cannot be read (" + e.getClass().getSimpleName() + ").");
    }
  }

  /// One `hosts.toml`.
  private record HostsToml(Origin origin, RegistryAddress address, TlsFiles files) {
    List<Found> read(JsonNode root) throws UnreadableException {
      var found = new ArrayList<Found>();
      String server = root.path("server").asString("");
      if (!server.isEmpty() && !Mirrors.isItself(address, server) && !isDockerHubs(server)) {
        found.add(Mirrors.left(origin, address.text(), server));
      }
      TlsDraft draft = tls(root, server);
      for (var host : root.path("host").properties()) {
        if (Mirrors.isItself(address, host.getKey()) || isDockerHubs(host.getKey())) {
          draft = draft.and(tls(host.getValue(), host.getKey()));
        } else {
          found.add(mirror(host.getKey(), host.getValue()));
        }
        headers(found, host.getValue());
      }
      headers(found, root);
      if (!draft.isEmpty()) {
        found.add(new Found.Trust(origin, address, draft));
      }
      return found;
    }

    private Found mirror(String url, JsonNode host) throws UnreadableException {
      boolean plain = host.path("header").isEmpty() && tls(host, url).isEmpty();
      return plain
          ? Mirrors.of(origin, address, url, host.path("override_path").asBoolean(false))
          : Mirrors.left(origin, address.text(), url);
    }

    // Where docker.io really is.
    private boolean isDockerHubs(String url) {
      return address.isDockerHub() && url.matches("https://registry-1\\.docker\\.io(/v2)?/?");
    }

    private void headers(List<Found> found, JsonNode host) {
      if (!host.path("header").isEmpty()) {
        found.add(
            new Found.Left(
                origin,
                address.text(),
                "Its headers are left: a credential among them has to be declared by hand."));
      }
    }

    private TlsDraft tls(JsonNode host, String url) throws UnreadableException {
      TlsDraft draft = TlsDraft.NONE;
      for (String ca : texts(host.path("ca"))) {
        draft = draft.and(files.authority(ca));
      }
      JsonNode client = host.path("client");
      if (client.isString()) {
        draft = draft.and(files.client(client.asString(), ""));
      }
      for (JsonNode pair : client) {
        List<String> paths = texts(pair);
        if (!paths.isEmpty()) {
          draft = draft.and(files.client(paths.getFirst(), paths.size() > 1 ? paths.get(1) : ""));
        }
      }
      boolean insecure = url.startsWith("http://") || host.path("skip_verify").asBoolean(false);
      return draft.and(new TlsDraft("", null, insecure));
    }

    // One, or a list.
    private static List<String> texts(JsonNode node) {
      if (node.isString()) {
        return List.of(node.asString());
      }
      var texts = new ArrayList<String>();
      node.forEach(element -> texts.add(element.asString("")));
      return texts.stream().filter(text -> !text.isEmpty()).toList();
    }
  }
}
