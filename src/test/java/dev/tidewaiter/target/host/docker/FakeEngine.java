package dev.tidewaiter.target.host.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An engine that reads its file as dockerd does: a key that is missing keeps its last value. It is
/// an old one, unless a test says otherwise.
final class FakeEngine implements DockerEngine, DockerEngine.Running {
  private final Path settings;
  private final DaemonFlags flags;
  private final Set<String> insecure = new TreeSet<>();
  private final Set<String> mirrors = new TreeSet<>();
  private final List<EngineContainer> containers = new ArrayList<>();
  private EngineInfo kind = new EngineInfo("20.10.24", 41, "overlay2", false, Set.of(), Set.of());
  private Predicate<String> denied = _ -> false;
  private Predicate<String> mute = _ -> false;
  private String pulling = "";
  private Runnable edit = () -> {};
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

  /// From now on somebody does this at each reload.
  void onReload(Runnable action) {
    edit = action;
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
    edit.run();
    if (deaf || !Files.exists(settings)) {
      return;
    }
    JsonNode root = new JsonMapper().readTree(Files.readString(settings));
    read(root.get("insecure-registries"), insecure, "");
    read(root.get("registry-mirrors"), mirrors, "/");
  }

  private static void read(@Nullable JsonNode list, Set<String> values, String ending) {
    if (list != null) {
      values.clear();
      list.forEach(value -> values.add(value.asString("").replaceFirst("/$", "") + ending));
    }
  }

  /// From now on it is one of this kind.
  void become(EngineInfo next) {
    kind = next;
  }

  /// From now on it refuses these registries.
  void deny(Predicate<String> registries) {
    denied = registries;
  }

  /// From now on every pull ends with this, whatever is refused.
  ///
  /// @param error with `NAME` for that of the image
  void endPullsWith(String error) {
    pulling = error;
  }

  /// From now on it does not answer to pulls from these registries.
  void beMuteOn(Predicate<String> registries) {
    mute = registries;
  }

  void add(EngineContainer container) {
    containers.add(container);
  }

  Set<String> insecureRegistries() {
    return Set.copyOf(insecure);
  }

  Set<String> mirrors() {
    return Set.copyOf(mirrors);
  }

  @Override
  public String process() {
    return "process 1";
  }

  @Override
  public EngineInfo info() {
    return new EngineInfo(
        kind.version(), kind.api(), kind.driver(), kind.containerdStore(), insecure, mirrors);
  }

  @Override
  public Optional<String> pull(String name, String tag) throws IOException {
    String registry = name.substring(0, name.indexOf('/'));
    if (mute.test(registry)) {
      throw new IOException("not answered in time");
    }
    String error =
        denied.test(registry)
            ? "x: no resolve hosts: not found"
            : "{\"message\":\"Get \\\"https://" + registry + "/v2/\\\": dial tcp: lookup failed\"}";
    return Optional.of(pulling.isEmpty() ? error : pulling.replace("NAME", name));
  }

  @Override
  public List<EngineContainer> containers() {
    return List.copyOf(containers);
  }
}
