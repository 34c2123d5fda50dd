package dev.tidewaiter.intake.layout;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Lays out a config repository in a folder, which may have other files already.
///
/// All or nothing, as far as a file system allows: what exists is looked for first, each file is
/// only ever created, and what was created is removed if another cannot be. A README alone may be
/// there, as services that host repositories begin one with it: it stays as it is.
public final class NewRepository {
  /// Which says how to go on.
  public static final String README = "README.md";

  /// Files by path, each with the resource that it is made of.
  private static final Map<String, String> FILES =
      Map.ofEntries(
          Map.entry(README, "README.md"),
          Map.entry(".tidewaiterignore", "tidewaiterignore"),
          Map.entry(".github/workflows/validate.yaml", "github-workflow.yaml"),
          Map.entry(".gitlab-ci.yml", "gitlab-ci.yml"),
          Map.entry("registries/docker-hub.yaml", "registries/docker-hub.yaml"),
          Map.entry("registries/private.yaml", "registries/private.yaml"),
          Map.entry("environments/staging.yaml", "environments/staging.yaml"),
          Map.entry("policies/restricted.yaml", "policies/restricted.yaml"),
          Map.entry("schema/registry.schema.json", "/dev/tidewaiter/schema/registry.schema.json"),
          Map.entry(
              "schema/environment.schema.json", "/dev/tidewaiter/schema/environment.schema.json"),
          Map.entry(
              "schema/registry-policy.schema.json",
              "/dev/tidewaiter/schema/registry-policy.schema.json"));

  private final Path folder;

  public NewRepository(Path folder) {
    this.folder = folder;
  }

  /// What it creates in an empty folder, by path from there.
  public static List<String> files() {
    return FILES.keySet().stream().sorted().toList();
  }

  /// Those of its files that are there already and should not be.
  public List<String> existing() {
    return files().stream().filter(path -> !path.equals(README) && exists(path)).toList();
  }

  private boolean exists(String path) {
    return Files.exists(folder.resolve(path), LinkOption.NOFOLLOW_LINKS);
  }

  /// Creates all of them but a README that is there already.
  ///
  /// @return those that it created, by path from the folder
  /// @throws IOException if one cannot be created; then none is there
  public List<String> create() throws IOException {
    List<String> files =
        files().stream().filter(path -> !path.equals(README) || !exists(path)).toList();
    SortedMap<Path, byte[]> contents = new TreeMap<>();
    for (String path : files) {
      contents.put(folder.resolve(path), resource(FILES.getOrDefault(path, "")));
    }
    var created = new ArrayList<Path>();
    try {
      for (Map.Entry<Path, byte[]> file : contents.entrySet()) {
        Files.createDirectories(file.getKey().toAbsolutePath().getParent());
        Files.write(
            file.getKey(),
            file.getValue(),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE);
        created.add(file.getKey());
      }
    } catch (IOException e) {
      for (Path file : created) {
        Files.deleteIfExists(file);
      }
      throw e;
    }
    return files;
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = NewRepository.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + name);
      }
      return in.readAllBytes();
    }
  }
}
