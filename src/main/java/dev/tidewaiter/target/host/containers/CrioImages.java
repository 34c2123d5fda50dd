package dev.tidewaiter.target.host.containers;

import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.target.host.Command;
import dev.tidewaiter.target.host.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a machine with CRI-O needs: its pause image, and the images of what runs in `kube-system`,
/// such as the network.
///
/// Source: `crio config`, which prints the settings with their defaults, and `crictl ps`.
final class CrioImages implements NeededImages {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Pattern PAUSE = Pattern.compile("(?m)^#? ?pause_image = \"([^\"]+)\"");
  private static final JsonMapper JSON = new JsonMapper();

  private final HostFiles files;

  CrioImages(HostFiles files) {
    this.files = files;
  }

  @Override
  public List<String> repositories() throws IOException {
    if (!Files.exists(LocalCrio.SOCKET) && program("crio").isEmpty()) {
      return List.of();
    }
    var images = new TreeSet<String>();
    String configured = CrioSettings.read(files).pauseImage();
    if (configured != null) {
      images.add(configured);
    } else if (!program("crio").isEmpty()) {
      Matcher matcher = PAUSE.matcher(output(List.of(program("crio"), "config")));
      if (matcher.find()) {
        images.add(matcher.group(1));
      }
    }
    if (Files.exists(LocalCrio.SOCKET) && !program("crictl").isEmpty()) {
      String endpoint = "unix://" + LocalCrio.SOCKET;
      images.addAll(
          running(
              output(
                  List.of(
                      program("crictl"),
                      "--runtime-endpoint",
                      endpoint,
                      "ps",
                      "--output",
                      "json"))));
    }
    return images.stream()
        .flatMap(image -> ImageReference.parse(image).stream())
        .map(image -> image.host() + "/" + image.repository())
        .distinct()
        .toList();
  }

  private static String program(String name) {
    return List.of("/usr/bin/", "/usr/local/bin/").stream()
        .map(directory -> directory + name)
        .filter(path -> Files.isExecutable(Path.of(path)))
        .findFirst()
        .orElse("");
  }

  private static String output(List<String> words) throws IOException {
    Command.Result result = new Command(words, LIMIT).run();
    return result.succeeded() ? result.output() : "";
  }

  /// What the containers of `kube-system` were made of, as far as it is said by name.
  static Set<String> running(String list) {
    var images = new TreeSet<String>();
    try {
      for (JsonNode container : JSON.readTree(list).path("containers")) {
        String namespace =
            container.path("labels").path("io.kubernetes.pod.namespace").asString("");
        if (namespace.equals("kube-system")) {
          JsonNode image = container.path("image");
          images.add(image.path("userSpecifiedImage").asString(""));
          images.add(image.path("image").asString(""));
        }
      }
    } catch (JacksonException _) {
      return Set.of();
    }
    images.removeIf(image -> image.indexOf('/') < 0);
    return images;
  }
}
