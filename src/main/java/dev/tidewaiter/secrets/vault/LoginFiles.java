package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.model.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The files with which the daemon shows Vault who it is, as they are now.
///
/// @param login which files
record LoginFiles(VaultSettings.Login login) {
  /// What the files hold.
  ///
  /// @param first the token, or the role id
  /// @param second the secret id; empty for a token
  record Content(Secret first, Secret second) {}

  /// Reads them; empty if one cannot be read or is empty.
  Optional<Content> read() {
    return switch (login) {
      case VaultSettings.Login.Token token ->
          text(token.file()).map(first -> new Content(first, Secret.of("")));
      case VaultSettings.Login.AppRole role ->
          text(role.roleId())
              .flatMap(first -> text(role.secretId()).map(second -> new Content(first, second)));
    };
  }

  /// The files' names, for messages.
  String names() {
    return switch (login) {
      case VaultSettings.Login.Token token -> token.file().toString();
      case VaultSettings.Login.AppRole role -> role.roleId() + " and " + role.secretId();
    };
  }

  // Editors end a file with a newline; no token or id contains white space.
  private static Optional<Secret> text(Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8).strip();
      return text.isEmpty() ? Optional.empty() : Optional.of(Secret.of(text));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
