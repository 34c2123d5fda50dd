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
/// Mode 0600 and only ever appended to. A record is in the file a few records later, so that little
/// is lost with the process, and on disk when `force` returns; those who call it together share one
/// `fsync`. A file that grew to its limit becomes `audit.jsonl.1`, which replaces the one before.
/// If it cannot be written, changes are carried out all the same, since registries would otherwise
/// become unreachable because of a full disk; it is logged, and reported as a condition.
public final class AuditLog {
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
  private static final long LIMIT_BYTES = 64L << 20;

  /// How many records wait in memory before they are written.
  private static final int BATCH = 64;

  private final Path file;
  private final long limitBytes;
  private final ObjectMapper json = JsonMapper.builder().build();
  private final Object queue = new Object();

  @GuardedBy("queue")
  private List<AuditRecord> waiting = new ArrayList<>();

  /// Whether something was written that may not be on disk.
  @GuardedBy("this")
  private boolean unforced;

  private volatile @Nullable String failure;

  public AuditLog(Path file) {
    this(file, LIMIT_BYTES);
  }

  AuditLog(Path file, long limitBytes) {
    this.file = file;
    this.limitBytes = limitBytes;
  }

  /// Takes a record of what was just done.
  void append(AuditRecord record) {
    boolean full;
    synchronized (queue) {
      waiting.add(record);
      full = waiting.size() >= BATCH;
    }
    if (full) {
      writeWaiting(false);
    }
  }

  /// Writes what waits, and returns when all that was taken so far is on disk.
  void force() {
    writeWaiting(true);
  }

  /// Whether the last batch is missing from the file.
  Optional<Condition> condition() {
    return Optional.ofNullable(failure)
        .map(detail -> new Condition(Reason.AuditUnavailable, file + ": " + detail));
  }

  // Whoever comes second finds its records written by the first, or writes those of others too.
  private synchronized void writeWaiting(boolean force) {
    List<AuditRecord> batch;
    synchronized (queue) {
      batch = waiting;
      waiting = new ArrayList<>();
    }
    if (batch.isEmpty() && !(force && unforced)) {
      return;
    }
    try {
      write(batch, force);
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

  @GuardedBy("this")
  private void write(List<AuditRecord> batch, boolean force) throws IOException {
    var text = new StringBuilder();
    batch.forEach(line -> text.append(json.writeValueAsString(line)).append('\n'));
    var bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
    try (var channel = open()) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
        unforced = true;
      }
      if (force) {
        channel.force(true);
        unforced = false;
      }
    }
  }

  @GuardedBy("this")
  private FileChannel open() throws IOException {
    // What was not forced yet must not get out of reach.
    if (!unforced) {
      rotateIfLarge();
    }
    var mode = PosixFilePermissions.fromString("rw-------");
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
        PosixFilePermissions.asFileAttribute(mode));
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
