package dev.tidewaiter.source.git;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The end of a conversation's time, unless it is closed before: the connection is then closed from
/// outside. A server that sends one byte now and then is never silent, and no read of it times out.
final class Deadline implements AutoCloseable {
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final CountDownLatch ended = new CountDownLatch(1);

  private Deadline() {}

  /// @param hangUp called from another thread; whoever reads from the connection then fails. Called
  ///   again while that is not so, since a connection cannot be closed before it is made
  static Deadline in(Duration limit, Answers answers, Runnable hangUp) {
    var deadline = new Deadline();
    Thread.ofVirtual()
        .name("git deadline")
        .start(
            () -> {
              for (Duration left = limit; !deadline.isClosedWithin(left); left = AGAIN) {
                answers.endedAfter(limit);
                hangUp.run();
              }
            });
    return deadline;
  }

  private boolean isClosedWithin(Duration limit) {
    try {
      return ended.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  @Override
  public void close() {
    ended.countDown();
  }
}
