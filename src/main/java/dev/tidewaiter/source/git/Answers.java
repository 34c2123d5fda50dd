package dev.tidewaiter.source.git;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What the server said in one conversation, in the protocol's own terms.
///
/// JGit's exceptions tell a refused login from a broken line by their message only.
final class Answers {
  private volatile int httpStatus;
  private volatile HostKey hostKey = HostKey.NOT_SEEN;
  private volatile @Nullable Duration endedAfter;

  void httpStatus(int status) {
    httpStatus = status;
  }

  void hostKey(HostKey answer) {
    hostKey = answer;
  }

  /// The server was still answering when its time was over, and was not listened to any longer.
  void endedAfter(Duration limit) {
    endedAfter = limit;
  }

  /// Null if the server ended the conversation, or it ended by itself.
  @Nullable Duration endedAfter() {
    return endedAfter;
  }

  /// Of the last response; 0 if there was none.
  int httpStatus() {
    return httpStatus;
  }

  HostKey hostKey() {
    return hostKey;
  }

  enum HostKey {
    NOT_SEEN,
    REFUSED,
    ACCEPTED
  }
}
