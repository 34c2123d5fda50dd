package dev.tidewaiter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.config.AdditionOrder;
import dev.tidewaiter.config.DaemonConfigurationLoader;
import dev.tidewaiter.config.DeclarationLoader;
import dev.tidewaiter.config.LoadContext;
import dev.tidewaiter.config.Loaded;
import dev.tidewaiter.config.LoadedConfiguration;
import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.Snapshot;
import dev.tidewaiter.model.SnapshotEntry;
import dev.tidewaiter.reconcile.Reason;
import dev.tidewaiter.target.Outcome.FailureReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the README says of the product holds: its examples are accepted, its tables are complete,
/// its links lead somewhere.
class ReadmeTest {
  private static final Path README = Path.of("README.md");
  private static final Pattern YAML = Pattern.compile("(?ms)^```yaml\\n(.*?)^```$");
  private static final Pattern FIELD = Pattern.compile("(?m)^\\| `([A-Za-z.\\[\\]]+)` \\|");
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

  /// Registries that examples name and do not declare.
  private static final List<String> STAND_INS = List.of("quay", "docker-hub", "registry");

  static List<String> declarations() {
    return yaml().filter(text -> !isDaemon(text)).toList();
  }

  @ParameterizedTest
  @MethodSource("declarations")
  void itsDeclarationsAreAccepted(String text) {
    var entries = new ArrayList<SnapshotEntry>();
    entries.add(file("readme.yaml", text));
    if (!text.contains("kind: Registry\n")) {
      for (String name : STAND_INS) {
        entries.add(file(name + ".yaml", registry(name)));
      }
    }
    var loaded =
        new DeclarationLoader()
            .load(
                new Snapshot(null, entries), LoadContext.validating(null, AdditionOrder.unknown()));
    assertThat(loaded).isInstanceOf(Loaded.Accepted.class);
  }

  @Test
  void itsDaemonIsAccepted(@TempDir Path directory) throws IOException {
    List<String> daemons = yaml().filter(ReadmeTest::isDaemon).toList();
    assertThat(daemons).isNotEmpty();
    for (String text : daemons) {
      Path file = Files.writeString(directory.resolve("tidewaiter.yaml"), text);
      assertThat(new DaemonConfigurationLoader(directory).load(file))
          .isInstanceOf(LoadedConfiguration.Accepted.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Registry, registry",
    "RegistryPolicy, registry-policy",
    "Environment, environment",
    "Daemon, daemon",
  })
  void namesEveryFieldInTheOrderOfTheSchema(String kind, String schema) throws IOException {
    JsonNode root =
        JsonMapper.shared().readTree(Files.readString(Path.of("schema", schema + ".schema.json")));
    var fields = new ArrayList<String>();
    addFields(root.path("properties").path("spec"), "", fields);
    List<String> named =
        FIELD.matcher(section("### " + kind)).results().map(field -> field.group(1)).toList();
    assertThat(named).containsExactlyElementsOf(fields);
  }

  /// Leaves by path; a form of its own, such as a reference, and what is not in this release count
  /// as leaves.
  private static void addFields(JsonNode schema, String path, List<String> fields) {
    JsonNode properties = schema.path("properties");
    JsonNode items = schema.path("items");
    if (schema.path("x-not-in-this-release").asBoolean(false)) {
      fields.add(path);
    } else if (!properties.isEmpty()) {
      String prefix = path.isEmpty() ? "" : path + ".";
      properties.properties().forEach(p -> addFields(p.getValue(), prefix + p.getKey(), fields));
    } else if (items.has("properties")) {
      addFields(items, path + "[]", fields);
    } else {
      fields.add(path);
    }
  }

  @Test
  void explainsEveryConditionInItsOrder() {
    assertThat(rows("### Conditions"))
        .containsExactlyElementsOf(Stream.of(Reason.values()).map(Reason::name).toList());
    for (Reason reason : Reason.values()) {
      assertThat(section("### Conditions"))
          .contains("| `" + reason + "` | " + (reason.preventsReady() ? "✗" : ""));
    }
  }

  @Test
  void explainsEveryReasonOfAFailureInItsOrder() {
    assertThat(rows("### Why a change failed"))
        .containsExactlyElementsOf(
            Stream.of(FailureReason.values()).map(FailureReason::name).toList());
  }

  @Test
  void itsLinksLeadSomewhere() {
    Set<String> anchors =
        Pattern.compile("(?m)^#+ (.+)$")
            .matcher(withoutBlocks())
            .results()
            .map(heading -> anchor(heading.group(1)))
            .collect(Collectors.toSet());
    List<String> links = LINK.matcher(withoutBlocks()).results().map(l -> l.group(1)).toList();
    assertThat(links).isNotEmpty();
    for (String link : links) {
      if (link.startsWith("#")) {
        assertThat(anchors).contains(link.substring(1));
      } else if (!link.startsWith("https://")) {
        assertThat(Path.of(link)).exists();
      }
    }
  }

  // As GitHub makes them.
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "").replace(' ', '-');
  }

  private static List<String> rows(String heading) {
    return FIELD.matcher(section(heading)).results().map(row -> row.group(1)).toList();
  }

  /// From a heading to the next of its level or above.
  private static String section(String heading) {
    String level = "#{1," + heading.indexOf(' ') + "}";
    MatchResult found =
        Pattern.compile("(?ms)^" + Pattern.quote(heading) + "$.*?(?=^" + level + " |\\z)")
            .matcher(readme())
            .results()
            .findFirst()
            .orElseThrow();
    return found.group();
  }

  private static Stream<String> yaml() {
    return YAML.matcher(readme()).results().map(block -> block.group(1));
  }

  private static String withoutBlocks() {
    return readme().replaceAll("(?ms)^```.*?^```$", "");
  }

  private static boolean isDaemon(String text) {
    return text.contains("kind: Daemon\n");
  }

  private static String registry(String name) {
    return """
    apiVersion: tidewaiter.dev/v1
    kind: Registry
    metadata: {name: %1$s}
    spec: {address: %1$s.acme.example, credential: {anonymous: {}}}
    """
        .formatted(name);
  }

  private static SnapshotEntry file(String path, String text) {
    return new SnapshotEntry.File(
        path, path, FileContent.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String readme() {
    try {
      return Files.readString(README);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
