package dev.tidewaiter.reconcile;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/// `audit.jsonl`: one JSON object a line for each change that was carried out.
///
/// Mode 0600, only ever appended to, and on disk when `append` returns; batches that arrive
/// together share one `fsync`. A file that grew to its limit becomes `audit.jsonl.1`, which
/// replaces the one before. If it cannot be written, changes are carried out all the same, since
/// registries would otherwise become unreachable because of a full disk; it is logged, and reported
/// as a condition.
public final class AuditLog {
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
  private static final long LIMIT_BYTES = 64L << 20;

  private final Path file;
  private final long limitBytes;
  private final ObjectMapper json = JsonMapper.builder().build();
  private final Object queue = new Object();

  @GuardedBy("queue")
  private List<AuditRecord> waiting = new ArrayList<>();

  private volatile @Nullable String failure;

  public AuditLog(Path file) {
    this(file, LIMIT_BYTES);
  }

  AuditLog(Path file, long limitBytes) {
    this.file = file;
    this.limitBytes = limitBytes;
  }

  void append(List<AuditRecord> records) {
    if (records.isEmpty()) {
      return;
    }
    synchronized (queue) {
      waiting.addAll(records);
    }
    writeWaiting();
  }

  /// Whether the last batch is missing from the file.
  Optional<Condition> condition() {
    return Optional.ofNullable(failure)
        .map(detail -> new Condition(Reason.AuditUnavailable, file + ": " + detail));
  }

  // Whoever comes second finds its records written by the first, or writes those of others too.
  private synchronized void writeWaiting() {
    List<AuditRecord> batch;
    synchronized (queue) {
      batch = waiting;
      waiting = new ArrayList<>();
    }
    if (batch.isEmpty()) {
      return;
    }
    try {
      write(batch);
      failure = null;
    } catch (IOException e) {
      if (failure == null) {
        LOG.atError()
            .setMessage("audit record not written")
            .addKeyValue("detail", e.toString())
            .log();
      }
      failure = e.getClass().getSimpleName() + "; make room or correct its permissions";
    }
  }

  private void write(List<AuditRecord> batch) throws IOException {
    var text = new StringBuilder();
    batch.forEach(line -> text.append(json.writeValueAsString(line)).append('\n'));
    var bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
    rotateIfLarge();
    var mode = PosixFilePermissions.fromString("rw-------");
    try (var channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
            PosixFilePermissions.asFileAttribute(mode))) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private void rotateIfLarge() throws IOException {
    try {
      if (Files.size(file) >= limitBytes) {
        Files.move(
            file,
            file.resolveSibling(file.getFileName() + ".1"),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (NoSuchFileException _) {
      // The first record makes the file.
    }
  }
}
