package dev.tidewaiter.registry;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.Issuance;
import dev.tidewaiter.model.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// `tokens.json`: minted tokens, so that a restart mints nothing that is still good.
final class TokenFile {
  private static final int VERSION = 1;

  /// Clocks of one machine differ by less between two processes, unless somebody set them.
  private static final Duration TOLERANCE = Duration.ofMinutes(1);

  private final StateFile file;

  TokenFile(Path directory) {
    this.file = new StateFile(directory.resolve("tokens.json"), VERSION);
  }

  /// Those that are not over. One that was issued in the future by our clock is left out: the clock
  /// was moved, and when that token ends is not known any more.
  List<Credential> read(Instant now) {
    return file.read(TokenFile::parse).orElse(List.of()).stream()
        .filter(token -> isPlausible(token.issuance(), now))
        .toList();
  }

  /// @return whether they are on disk
  boolean write(List<Credential> tokens) {
    var document = file.newDocument();
    var list = document.putArray("tokens");
    for (Credential token : tokens) {
      Issuance issuance = token.issuance();
      if (issuance != null) {
        list.addObject()
            .put("identity", issuance.identity())
            .put("issuedAt", issuance.issuedAt().toString())
            .put("expiresAt", issuance.expiresAt().toString())
            .put("username", token.username().reveal())
            .put("password", token.password().reveal());
      }
    }
    return file.write(document);
  }

  private static List<Credential> parse(JsonNode document) {
    var tokens = new ArrayList<Credential>();
    for (JsonNode token : document.required("tokens")) {
      var issuance =
          new Issuance(
              token.required("identity").stringValue(),
              Instant.parse(token.required("issuedAt").stringValue()),
              Instant.parse(token.required("expiresAt").stringValue()));
      tokens.add(
          new Credential(
              Secret.of(token.required("username").stringValue()),
              Secret.of(token.required("password").stringValue()),
              null,
              issuance));
    }
    return tokens;
  }

  private static boolean isPlausible(@Nullable Issuance issuance, Instant now) {
    return issuance != null
        && issuance.expiresAt().isAfter(now)
        && !issuance.issuedAt().isAfter(now.plus(TOLERANCE));
  }
}
