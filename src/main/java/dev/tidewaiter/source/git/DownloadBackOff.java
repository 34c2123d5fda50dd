package dev.tidewaiter.source.git;

import dev.tidewaiter.source.SourceException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The pause before a download that memory did not suffice for is begun again: a minute, then twice
/// as long each time, at most an hour. Something else is downloaded at once.
final class DownloadBackOff {
  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofHours(1);

  private final String url;
  private final LongSupplier nanos;
  private @Nullable String failed;
  private Duration pause = SHORTEST;
  private long pausedSince;

  /// @param url as it may be shown
  /// @param nanos monotonic
  DownloadBackOff(String url, LongSupplier nanos) {
    this.url = url;
    this.nanos = nanos;
  }

  /// @param id of the object that is asked for
  /// @throws SourceException if it is too early, or memory did not suffice
  void begin(String id, Download download) throws SourceException {
    boolean again = id.equals(failed);
    if (again && nanos.getAsLong() - pausedSince < pause.toNanos()) {
      throw tooLarge(id, null);
    }
    try {
      download.run();
      failed = null;
    } catch (OutOfMemoryError e) {
      Duration twice = pause.multipliedBy(2);
      pause = !again ? SHORTEST : twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
      failed = id;
      pausedSince = nanos.getAsLong();
      throw tooLarge(id, e);
    }
  }

  private SourceException tooLarge(String id, @Nullable OutOfMemoryError cause) {
    return new SourceException(
        """
        %s: there is too little memory to download %s
          Keep large files out of the repository, let its server leave them out \
        (`uploadpack.allowFilter`), or give this process more memory."""
            .formatted(url, id),
        cause);
  }

  /// Brings objects here.
  interface Download {
    void run() throws SourceException;
  }
}
