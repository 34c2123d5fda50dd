package dev.tidewaiter.target.host.docker;

import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.target.host.HostFileException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A list in `daemon.json` of which single entries are ours.
enum DaemonKey {
  INSECURE_REGISTRIES(ResourceKind.INSECURE_REGISTRIES, "insecure-registries", "insecure-registry"),
  REGISTRY_MIRRORS(ResourceKind.REGISTRY_MIRRORS, "registry-mirrors", "registry-mirror");

  private final ResourceKind kind;
  private final String key;
  private final String flag;

  DaemonKey(ResourceKind kind, String key, String flag) {
    this.kind = kind;
    this.key = key;
    this.flag = flag;
  }

  static DaemonKey of(ResourceKind kind) {
    return Arrays.stream(values()).filter(key -> key.kind == kind).findFirst().orElseThrow();
  }

  ResourceKind kind() {
    return kind;
  }

  String key() {
    return key;
  }

  /// The flag of dockerd that may not stand beside it.
  String flag() {
    return flag;
  }

  /// The field of an entry.
  String field(String entry) {
    return key + "/" + entry;
  }

  /// Whether a field is one of this list.
  boolean has(String field) {
    return field.startsWith(key + "/");
  }

  /// The entries among what an engine shows: names with their ports as they are, and mirrors, which
  /// it shows with a slash at the end, without it.
  Set<String> inForce(EngineInfo info) {
    return switch (this) {
      case INSECURE_REGISTRIES -> info.insecure();
      case REGISTRY_MIRRORS ->
          info.mirrors().stream().map(DaemonKey::withoutSlash).collect(Collectors.toSet());
    };
  }

  /// An entry in the form of [#inForce].
  String shown(String entry) {
    return this == REGISTRY_MIRRORS ? withoutSlash(entry) : entry;
  }

  private static String withoutSlash(String url) {
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  /// Requires an entry that dockerd takes, because with any other it would not start again.
  ///
  /// @param info null while no engine runs: then only what every engine takes is written
  /// @throws HostFileException of reason `Unsafe`
  void require(String entry, Optional<EngineInfo> info) throws HostFileException {
    String rest = entry;
    if (this == REGISTRY_MIRRORS) {
      if (!entry.startsWith("https://")) {
        throw HostFileException.unsafe(
            "registry-mirrors: `" + entry + "` is no mirror that begins with https://.");
      }
      rest = withoutSlash(entry.substring("https://".length()));
      int slash = rest.indexOf('/');
      if (slash >= 0 && info.filter(EngineInfo::takesMirrorsWithPath).isEmpty()) {
        throw HostFileException.unsafe(
            "registry-mirrors: with the path of `"
                + entry
                + "` this Docker would not start again. Mirrors with a path need Docker 28.");
      }
      rest = slash < 0 ? rest : rest.substring(0, slash);
    }
    if (RegistryAddress.mistakeIn(rest).isPresent()) {
      throw HostFileException.unsafe(
          key + ": `" + entry + "` has no host with an optional port for dockerd.");
    }
  }
}
