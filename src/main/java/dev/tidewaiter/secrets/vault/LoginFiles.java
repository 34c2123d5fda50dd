package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.model.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The files with which the daemon shows Vault who it is, as they are now.
record LoginFiles(List<Path> paths) {
  LoginFiles {
    paths = List.copyOf(paths);
  }

  static LoginFiles of(Path... paths) {
    return new LoginFiles(List.of(paths));
  }

  /// What the files hold, in their order.
  record Content(List<Secret> texts) {
    Content {
      texts = List.copyOf(texts);
    }

    Secret first() {
      return texts.getFirst();
    }

    Secret second() {
      return texts.get(1);
    }
  }

  /// Reads them; empty if one cannot be read or is empty.
  Optional<Content> read() {
    List<Secret> texts = new ArrayList<>();
    for (Path path : paths) {
      Optional<Secret> text = text(path);
      if (text.isEmpty()) {
        return Optional.empty();
      }
      texts.add(text.get());
    }
    return Optional.of(new Content(texts));
  }

  /// The files' names, for messages.
  String names() {
    return paths.stream().map(Path::toString).collect(Collectors.joining(" and "));
  }

  // Editors end a file with a newline; no token, id or PEM text ends in white space.
  private static Optional<Secret> text(Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8).strip();
      return text.isEmpty() ? Optional.empty() : Optional.of(Secret.of(text));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
