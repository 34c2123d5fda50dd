package dev.tidewaiter.target.host.docker;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A dockerd that runs on this machine.
///
/// Source: [Docker Engine API](https://docs.docker.com/reference/api/engine/version/v1.41/). Paths
/// have no version, so the newest that the engine speaks is meant; what is read here is the same in
/// all since 1.41.
///
/// @param socket on which it answers
record LiveEngine(Path socket, long pid, DaemonFlags flags) implements DockerEngine.Running {
  private static final JsonMapper JSON = new JsonMapper();

  /// For one pull of an image that does not exist; name resolution and connecting have limits of
  /// their own in the engine, which are longer.
  private static final Duration PULL_LIMIT = Duration.ofSeconds(20);

  private static final Pattern IMAGE_ID = Pattern.compile("(sha256:)?[0-9a-f]{12,64}");

  @Override
  public String process() {
    String started =
        ProcessHandle.of(pid)
            .flatMap(process -> process.info().startInstant())
            .map(Instant::toString)
            .orElse("unknown");
    return "process " + pid + " since " + started;
  }

  // The shell's own kill, because the JDK can only end processes and small images lack kill(1).
  @Override
  public void reload() throws IOException {
    var shell = new ProcessBuilder("/bin/sh", "-c", "kill -HUP \"$0\"", Long.toString(pid));
    try {
      int status = shell.redirectErrorStream(true).start().waitFor();
      if (status != 0) {
        throw new IOException("kill answered " + status);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public EngineInfo info() throws IOException {
    return EngineInfo.of(get("/version"), get("/info"));
  }

  // What cannot be resolved is answered with a status; what fails later, in a stream of JSON
  // objects
  // behind a 200, the last of which has the error.
  @Override
  public Optional<String> pull(String name, String tag) throws IOException {
    SocketHttp.Reply reply =
        SocketHttp.request(
            socket,
            "POST",
            "/images/create?fromImage=" + encode(name) + "&tag=" + encode(tag),
            PULL_LIMIT);
    String text = reply.body();
    return reply.status() == 200 && !text.contains("\"error")
        ? Optional.empty()
        : Optional.of(text);
  }

  @Override
  public List<EngineContainer> containers() throws IOException {
    var containers = new ArrayList<EngineContainer>();
    for (JsonNode node : get("/containers/json?all=1")) {
      var labels = new TreeMap<String, String>();
      node.path("Labels").forEachEntry((name, value) -> labels.put(name, value.asString("")));
      String image = node.path("Image").asString("");
      containers.add(new EngineContainer(node.path("Id").asString(""), names(image), labels));
    }
    return containers;
  }

  // The shim of Kubernetes creates containers by the image's id. One that was removed by force has
  // no names; of any other the machine may have need.
  private List<String> names(String image) throws IOException {
    if (!IMAGE_ID.matcher(image).matches()) {
      return List.of(image);
    }
    SocketHttp.Reply reply =
        SocketHttp.request(socket, "GET", "/images/" + image + "/json", PULL_LIMIT);
    if (reply.status() == 404) {
      return List.of();
    }
    if (reply.status() != 200) {
      throw new IOException(socket + ": GET /images was not answered with 200.");
    }
    var names = new ArrayList<String>();
    JsonNode found = parse("/images", reply.body());
    found.path("RepoTags").forEach(tag -> names.add(tag.asString("")));
    found.path("RepoDigests").forEach(digest -> names.add(digest.asString("")));
    return names;
  }

  private JsonNode get(String path) throws IOException {
    return parse(path, SocketHttp.get(socket, path));
  }

  private JsonNode parse(String path, String body) throws IOException {
    try {
      return JSON.readTree(body);
    } catch (JacksonException _) {
      throw new IOException(socket + ": GET " + path + " was not answered with JSON.");
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
