package dev.tidewaiter.target.host.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An engine that reads its file as dockerd does: a key that is missing keeps its last value.
final class FakeEngine implements DockerEngine, DockerEngine.Running {
  private final Path settings;
  private final DaemonFlags flags;
  private final Set<String> insecure = new TreeSet<>();
  private boolean deaf;
  private int reloads;

  FakeEngine(Path settings, String... flags) {
    this.settings = settings;
    this.flags = new DaemonFlags(List.of(flags));
  }

  /// From now on no reload has an effect.
  void becomeDeaf() {
    deaf = true;
  }

  int reloads() {
    return reloads;
  }

  @Override
  public Optional<Running> find() {
    return Optional.of(this);
  }

  @Override
  public DaemonFlags flags() {
    return flags;
  }

  @Override
  public void reload() throws IOException {
    reloads++;
    if (deaf || !Files.exists(settings)) {
      return;
    }
    JsonNode list =
        new JsonMapper().readTree(Files.readString(settings)).get("insecure-registries");
    if (list != null) {
      insecure.clear();
      list.forEach(name -> insecure.add(name.asString("")));
    }
  }

  @Override
  public Set<String> insecureRegistries() {
    return Set.copyOf(insecure);
  }
}
