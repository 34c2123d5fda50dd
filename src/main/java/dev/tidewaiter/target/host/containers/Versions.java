package dev.tidewaiter.target.host.containers;

import dev.tidewaiter.target.host.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The versions that programs of this machine say of themselves, asked again when the program has
/// changed.
final class Versions {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Pattern VERSION = Pattern.compile("\\b\\d+\\.\\d+\\.\\d+[^\\s,]*");

  private final Map<Path, Known> known = new ConcurrentHashMap<>();

  private record Known(FileTime modified, String version) {}

  /// @return empty if it does not say
  String of(Path program) throws IOException {
    FileTime modified = Files.getLastModifiedTime(program);
    Known before = known.get(program);
    if (before != null && before.modified().equals(modified)) {
      return before.version();
    }
    String output = new Command(List.of(program.toString(), "--version"), LIMIT).run().output();
    Matcher matcher = VERSION.matcher(output);
    String version = matcher.find() ? matcher.group() : "";
    known.put(program, new Known(modified, version));
    return version;
  }
}
