package dev.tidewaiter.testing;

import dev.tidewaiter.model.Secret;
import dev.tidewaiter.registry.TokenAnswer;
import dev.tidewaiter.registry.TokenProvider;
import dev.tidewaiter.registry.TokenRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// A cloud in memory, which counts the tokens it mints. It outlives the processes that ask it.
public final class FakeCloud implements TokenProvider {
  /// The user name of ECR's tokens.
  public static final String USER = "AWS";

  private final Map<String, TokenAnswer> answers = new HashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Duration life;
  private @Nullable TokenAnswer fault;
  private @Nullable CountDownLatch hanging;
  private int minted;

  /// @param life of each token it mints
  public FakeCloud(Duration life) {
    this.life = life;
  }

  /// It answers this to everybody; null to mint again.
  public synchronized void fail(@Nullable TokenAnswer answer) {
    fault = answer;
  }

  /// It answers this to one identity.
  public synchronized void answer(String identity, TokenAnswer answer) {
    answers.put(identity, answer);
  }

  /// It does not answer from now on.
  public synchronized void hang() {
    hanging = new CountDownLatch(1);
  }

  /// It answers again, also what it left open.
  public synchronized void resume() {
    CountDownLatch latch = hanging;
    hanging = null;
    if (latch != null) {
      latch.countDown();
    }
  }

  /// The identity of each request, in order.
  public List<String> asked() {
    return List.copyOf(asked);
  }

  @Override
  public TokenAnswer mint(TokenRequest request) {
    asked.add(request.identity());
    await();
    return answerTo(request);
  }

  private synchronized TokenAnswer answerTo(TokenRequest request) {
    if (fault != null) {
      return fault;
    }
    TokenAnswer answer = answers.get(request.identity());
    if (answer != null) {
      return answer;
    }
    minted++;
    return new TokenAnswer.Token(Secret.of(USER), Secret.of("token-" + minted), life);
  }

  private void await() {
    CountDownLatch latch;
    synchronized (this) {
      latch = hanging;
    }
    if (latch != null) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
