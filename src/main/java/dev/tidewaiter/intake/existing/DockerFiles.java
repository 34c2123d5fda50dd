package dev.tidewaiter.intake.existing;

import dev.tidewaiter.model.RegistryAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads Docker's own files: a user's `config.json`, and dockerd's `daemon.json`.
public final class DockerFiles {
  private static final RegistryAddress HUB = new RegistryAddress("docker.io");

  private DockerFiles() {}

  /// A user's logins. What a credential helper keeps cannot be read without starting it.
  ///
  /// @throws UnreadableException if it cannot be read
  public static List<Found> config(Path file) throws UnreadableException {
    Origin origin = Origin.ofFile(file);
    JsonNode root = Reading.tree(file, JsonMapper.shared());
    var found = new ArrayList<>(Auths.read(origin, root.path("auths")));
    for (var helper : root.path("credHelpers").properties()) {
      found.add(
          new Found.Left(
              origin,
              helper.getKey(),
              "Its credential is kept by the helper `"
                  + Quotation.of(helper.getValue().asString(""))
                  + "`, which is not started. Declare it by hand."));
    }
    String store = root.path("credsStore").asString("");
    if (!store.isEmpty()) {
      found.add(
          new Found.Left(
              origin,
              "`credsStore`",
              "Logins are kept by the helper `"
                  + Quotation.of(store)
                  + "`, which is not started. Declare them by hand."));
    }
    return found;
  }

  /// dockerd's insecure registries and mirrors.
  ///
  /// @throws UnreadableException if it cannot be read
  public static List<Found> daemon(Path file) throws UnreadableException {
    Origin origin = Origin.ofFile(file);
    JsonNode root = Reading.tree(file, JsonMapper.shared());
    var found = new ArrayList<Found>();
    for (JsonNode insecure : root.path("insecure-registries")) {
      found.add(insecure(origin, insecure.asString("")));
    }
    for (JsonNode mirror : root.path("registry-mirrors")) {
      found.add(Mirrors.of(origin, HUB, mirror.asString(""), false));
    }
    return found;
  }

  private static Found insecure(Origin origin, String entry) {
    if (entry.contains("/") && !entry.contains("://")) {
      return new Found.Left(
          origin, entry, "It is a network. Declare each insecure registry by its address.");
    }
    return switch (AuthsKey.parse(entry)) {
      case AuthsKey.Unusable(String reason) -> new Found.Left(origin, entry, reason);
      case AuthsKey.Named(RegistryAddress address) ->
          new Found.Trust(origin, address, new TlsDraft("", null, true));
    };
  }
}
