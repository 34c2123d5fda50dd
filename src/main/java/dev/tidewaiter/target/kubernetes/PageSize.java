package dev.tidewaiter.target.kubernetes;

/// How many objects a list asks for at a time: fewer where their pages cannot be taken, and more
/// again afterwards. Used by one thread.
final class PageSize {
  /// What part of a whole page is asked for at least after late answers: an API server that hung
  /// for minutes must not be asked for single objects afterwards.
  private static final int LATE_SHARE = 8;

  private final int most;
  private int now;

  PageSize(int most) {
    this.most = most;
    this.now = most;
  }

  int now() {
    return now;
  }

  /// A page was more than can be taken.
  void tooLarge() {
    narrow(1);
  }

  /// A page did not come in time, which need not be for its size.
  void late() {
    narrow(most / LATE_SHARE);
  }

  /// Pages can be taken.
  void widen() {
    now = Math.min(most, now * 2);
  }

  private void narrow(int least) {
    now = Math.min(now, Math.max(Math.max(least, 1), now / 2));
  }
}
