package dev.tidewaiter.source.git;

/// What the server said in one conversation, in the protocol's own terms.
///
/// JGit's exceptions tell a refused login from a broken line by their message only.
final class Answers {
  private volatile int httpStatus;
  private volatile HostKey hostKey = HostKey.NOT_SEEN;

  void httpStatus(int status) {
    httpStatus = status;
  }

  void hostKey(HostKey answer) {
    hostKey = answer;
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
