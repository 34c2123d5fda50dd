package dev.tidewaiter.intake.trust;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Fetches the certificates that a server presents, within time limits that no server can stretch.
public final class ChainFetcher {
  /// @param step for each address to connect to, and for the first answer
  /// @param whole for all of it
  record Limits(Duration step, Duration whole) {}

  private static final Limits LIMITS = new Limits(Duration.ofSeconds(5), Duration.ofSeconds(15));

  private final Reach reach;
  private final Limits limits;

  public ChainFetcher(Reach reach) {
    this(reach, LIMITS);
  }

  ChainFetcher(Reach reach, Limits limits) {
    this.reach = reach;
    this.limits = limits;
  }

  /// Never throws for the server's or the network's sake.
  public Fetched fetch(Endpoint endpoint) {
    // A thread of its own: neither name resolution nor a handshake has a limit for the whole.
    try (var exchange = new Exchange(reach, endpoint, limits.step())) {
      var task = new FutureTask<>(exchange::run);
      Thread.ofVirtual().start(task);
      return task.get(limits.whole().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      return new Fetched.Without(
          "did not present certificates within " + limits.whole().toSeconds() + " s",
          "Look at the address, and at what is on the way to it.");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Fetched.Without("was not asked to the end: interrupted", "Try again.");
    } catch (ExecutionException e) {
      throw new IllegalStateException("an exchange ends with an answer", e.getCause());
    }
  }
}
