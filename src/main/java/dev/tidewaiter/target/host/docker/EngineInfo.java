package dev.tidewaiter.target.host.docker;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What an engine says of itself.
///
/// What it can do is decided by the API that it speaks and the store that it has, not by its
/// version, which distributors write as they like (`20.10.24+dfsg1`).
///
/// Source: [SystemVersion and
/// SystemInfo](https://docs.docker.com/reference/api/engine/version/v1.41/#tag/System).
///
/// @param version for people
/// @param api the newest minor version of the API, of major version 1
/// @param driver what its images are stored with, such as `overlay2`, or `overlayfs` of containerd
/// @param containerdStore whether that is the containerd image store
/// @param insecure names of hosts with their ports, and networks, that it treats as insecure now
/// @param mirrors of Docker Hub, as URLs with a slash at the end
record EngineInfo(
    String version,
    int api,
    String driver,
    boolean containerdStore,
    Set<String> insecure,
    Set<String> mirrors) {
  /// Docker 28.0, the first that reads `hosts.toml`: `daemon/hosts.go` of moby.
  private static final int DOCKER_28 = 48;

  private static final Pattern API = Pattern.compile("1\\.[0-9]{1,4}");

  EngineInfo {
    insecure = Collections.unmodifiableSet(new TreeSet<>(insecure));
    mirrors = Collections.unmodifiableSet(new TreeSet<>(mirrors));
  }

  /// @param version the reply to `GET /version`
  /// @param info the reply to `GET /info`
  static EngineInfo of(JsonNode version, JsonNode info) {
    String api = version.path("ApiVersion").asString("");
    boolean containerdStore = false;
    for (JsonNode pair : info.path("DriverStatus")) {
      containerdStore |=
          pair.path(0).asString("").equals("driver-type")
              && pair.path(1).asString("").equals("io.containerd.snapshotter.v1");
    }
    var mirrors = new TreeSet<String>();
    JsonNode registries = info.path("RegistryConfig");
    registries.path("Mirrors").forEach(mirror -> mirrors.add(mirror.asString("")));
    return new EngineInfo(
        version.path("Version").asString(""),
        API.matcher(api).matches() ? Integer.parseInt(api.substring(2)) : 0,
        info.path("Driver").asString(""),
        containerdStore,
        insecure(registries),
        mirrors);
  }

  private static Set<String> insecure(JsonNode registries) {
    var insecure = new TreeSet<String>();
    registries
        .path("IndexConfigs")
        .forEachEntry(
            (name, index) -> {
              if (!index.path("Secure").asBoolean(true)) {
                insecure.add(name);
              }
            });
    registries.path("InsecureRegistryCIDRs").forEach(net -> insecure.add(net.asString("")));
    return insecure;
  }

  /// Whether pulls follow `hosts.toml`. With a graph driver only BuildKit does.
  boolean readsHosts() {
    return containerdStore && api >= DOCKER_28;
  }

  /// 20.10 refuses to start with one: `path, query, or fragment at end of the URI`.
  boolean takesMirrorsWithPath() {
    return api >= DOCKER_28;
  }

  /// `29.0.0 with the containerd image store`
  @Override
  public String toString() {
    return version
        + (containerdStore
            ? " with the containerd image store"
            : " with the graph driver " + driver);
  }
}
