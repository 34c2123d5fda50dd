package dev.tidewaiter.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the API server's audit log says from a point on: for whoever writes, the same clock.
final class AuditTrail {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Set<String> WRITES =
      Set.of("create", "update", "patch", "delete", "deletecollection");

  private final Path log;
  private final long start;

  private AuditTrail(Path log, long start) {
    this.log = log;
    this.start = start;
  }

  static AuditTrail from(Path log) {
    try {
      return new AuditTrail(log, Files.size(log));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Secrets that were created.
  ///
  /// @param time from the arrival of the first request to the answer to the last
  record Creations(int count, Duration time) {
    double perSecond() {
      return count * 1e9 / time.toNanos();
    }
  }

  Creations creations(String user) {
    var span = new Span();
    read(
        user,
        entry -> {
          boolean created =
              "create".equals(entry.path("verb").asString(""))
                  && "secrets".equals(entry.at("/objectRef/resource").asString(""))
                  && entry.at("/responseStatus/code").asInt(0) == 201;
          if (created) {
            span.add(
                Instant.parse(entry.path("requestReceivedTimestamp").asString()),
                Instant.parse(entry.path("stageTimestamp").asString()));
          }
        });
    return span.creations();
  }

  /// Requests of any kind that change something.
  int writes(String user) {
    var count = new int[1];
    read(
        user,
        entry -> {
          if (WRITES.contains(entry.path("verb").asString(""))) {
            count[0]++;
          }
        });
    return count[0];
  }

  private void read(String user, Consumer<JsonNode> reader) {
    try (var channel = FileChannel.open(log).position(start);
        var lines =
            new BufferedReader(
                new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.contains("\"username\":\"" + user + "\"")) {
          reader.accept(JSON.readTree(line));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Span {
    private Instant first = Instant.MAX;
    private Instant last = Instant.MIN;
    private int count;

    void add(Instant received, Instant answered) {
      count++;
      first = received.isBefore(first) ? received : first;
      last = answered.isAfter(last) ? answered : last;
    }

    Creations creations() {
      return new Creations(count, count == 0 ? Duration.ZERO : Duration.between(first, last));
    }
  }
}
