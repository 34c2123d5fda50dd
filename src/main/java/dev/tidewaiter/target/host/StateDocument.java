package dev.tidewaiter.target.host;

import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import java.util.Base64;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The format of the state file.
///
/// `{"version": 1, "directories": […], "files": {PATH: {"kind", "scope", "name", "owners": {FIELD:
/// ENVIRONMENT}, "mode", "digests": […], "before": BASE64 or null, "volume"?}}}`
final class StateDocument {
  private static final int VERSION = 1;
  private static final JsonMapper JSON = new JsonMapper();

  private StateDocument() {}

  static FileContent render(HostState state) {
    ObjectNode root = JSON.createObjectNode().put("version", VERSION);
    ArrayNode directories = root.putArray("directories");
    state.directories().forEach(directory -> directories.add(directory.text()));
    ObjectNode files = root.putObject("files");
    state.files().forEach((path, file) -> render(files.putObject(path.text()), file));
    return FileContent.of(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
  }

  private static void render(ObjectNode node, OwnedFile file) {
    node.put("kind", file.id().kind().name());
    node.put("scope", file.id().scope());
    node.put("name", file.id().name());
    ObjectNode owners = node.putObject("owners");
    file.owners().forEach(owners::put);
    node.put("mode", file.mode());
    ArrayNode digests = node.putArray("digests");
    file.digests().forEach(digests::add);
    FileContent before = file.before();
    node.put("before", before == null ? null : Base64.getEncoder().encodeToString(before.bytes()));
    if (file.volume() != null) {
      node.put("volume", file.volume());
    }
  }

  static HostState parse(FileContent content) throws HostFileException {
    try {
      JsonNode root = JSON.readTree(content.bytes());
      if (root.required("version").intValue() != VERSION) {
        throw damaged();
      }
      var directories = new TreeSet<HostPath>();
      root.required("directories")
          .forEach(node -> directories.add(new HostPath(node.stringValue())));
      var files = new TreeMap<HostPath, OwnedFile>();
      root.required("files")
          .forEachEntry((path, node) -> files.put(new HostPath(path), parse(node)));
      return new HostState(files, directories);
    } catch (JacksonException | IllegalArgumentException _) {
      throw damaged();
    }
  }

  private static OwnedFile parse(JsonNode node) {
    var id =
        new ResourceId(
            ResourceKind.valueOf(node.required("kind").stringValue()),
            node.required("scope").stringValue(),
            node.required("name").stringValue());
    var owners = new TreeMap<String, String>();
    node.required("owners")
        .forEachEntry((field, environment) -> owners.put(field, environment.stringValue()));
    var digests = new TreeSet<String>();
    node.required("digests").forEach(digest -> digests.add(digest.stringValue()));
    return new OwnedFile(
        id,
        owners,
        node.required("mode").stringValue(),
        digests,
        before(node.required("before")),
        node.has("volume") ? node.path("volume").stringValue() : null);
  }

  private static @Nullable FileContent before(JsonNode node) {
    return node.isNull() ? null : FileContent.of(Base64.getDecoder().decode(node.stringValue()));
  }

  // The cause would quote the file, which contains what stood in other people's files.
  private static HostFileException damaged() {
    return HostFileException.unsafe(
        "host/state.json: the state file is damaged; restore it from a backup, because without it"
            + " nothing on this host is known to be ours.");
  }
}
