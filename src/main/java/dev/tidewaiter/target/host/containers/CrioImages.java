package dev.tidewaiter.target.host.containers;

import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.target.host.Command;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a machine with CRI-O needs: its pause image, and the images of what runs in `kube-system`,
/// such as the network. A program that is missing or fails leaves that open, which is an error and
/// not a need of nothing.
///
/// Source: `crio config`, which prints the settings with their defaults, and `crictl ps`.
///
/// @param socket of CRI-O; while there is none, nothing runs that would need an image
/// @param directories of programs
record CrioImages(HostFiles files, Path socket, List<Path> directories) implements NeededImages {
  private static final String NAMESPACE = "io.kubernetes.pod.namespace";
  private static final String SYSTEM = "kube-system";
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Pattern PAUSE = Pattern.compile("(?m)^#? ?pause_image = \"([^\"]+)\"");
  // What crictl has to say besides comes before, on lines of its own.
  private static final Pattern LIST = Pattern.compile("(?ms)^\\{.*");
  private static final JsonMapper JSON = new JsonMapper();

  static CrioImages of(HostFiles files) {
    List<Path> directories = List.of(Path.of("/usr/bin"), Path.of("/usr/local/bin"));
    return new CrioImages(files, LocalCrio.SOCKET, directories);
  }

  @Override
  public List<String> repositories() throws IOException {
    boolean runs = Files.exists(socket);
    if (!runs && program("crio").isEmpty()) {
      return List.of();
    }
    var images = new TreeSet<String>();
    images.add(pauseImage());
    if (runs) {
      String endpoint = "unix://" + socket;
      images.addAll(
          running(
              output(
                  "crictl",
                  "--runtime-endpoint",
                  endpoint,
                  "ps",
                  "--label",
                  NAMESPACE + "=" + SYSTEM,
                  "--output",
                  "json")));
    }
    return images.stream()
        .flatMap(image -> ImageReference.parse(image).stream())
        .map(image -> image.host() + "/" + image.repository())
        .distinct()
        .toList();
  }

  private String pauseImage() throws IOException {
    String configured = CrioSettings.read(files).pauseImage();
    if (configured != null) {
      return configured;
    }
    Matcher matcher = PAUSE.matcher(output("crio", "config"));
    if (!matcher.find()) {
      throw untold("crio: it names no `pause_image`; set one in " + CrioSettings.DIRECTORY);
    }
    return matcher.group(1);
  }

  private Optional<Path> program(String name) {
    return directories.stream()
        .map(directory -> directory.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private String output(String name, String... arguments) throws IOException {
    Path program =
        program(name).orElseThrow(() -> untold(name + ": there is no such program; install it"));
    var words = new ArrayList<>(List.of(program.toString()));
    words.addAll(List.of(arguments));
    Command.Result result = new Command(words, LIMIT).run();
    if (!result.succeeded()) {
      throw untold("`" + String.join(" ", words) + "` failed; run it to see why");
    }
    return result.output();
  }

  private static HostFileException untold(String what) {
    return HostFileException.unsafe(
        what + ". Until then nobody knows which images this machine needs, so none is denied.");
  }

  /// What the containers of `kube-system` were made of, as far as it is said by name.
  static Set<String> running(String list) throws IOException {
    var images = new TreeSet<String>();
    for (JsonNode container : containers(list)) {
      if (container.path("labels").path(NAMESPACE).asString("").equals(SYSTEM)) {
        JsonNode image = container.path("image");
        images.add(image.path("userSpecifiedImage").asString(""));
        images.add(image.path("image").asString(""));
      }
    }
    images.removeIf(image -> image.indexOf('/') < 0);
    return images;
  }

  private static JsonNode containers(String list) throws HostFileException {
    Matcher json = LIST.matcher(list);
    try {
      if (json.find()) {
        return JSON.readTree(json.group()).path("containers");
      }
    } catch (JacksonException _) {
      // As if it were none at all.
    }
    throw untold("`crictl ps --output json`: it printed no JSON; see why");
  }
}
