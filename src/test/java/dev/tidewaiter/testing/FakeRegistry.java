package dev.tidewaiter.testing;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.registry.RegistryProbe;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// Every registry there is, in memory. It takes each credential and has each image, unless it is
/// told otherwise.
public final class FakeRegistry implements RegistryProbe {
  private final Set<String> refused = new HashSet<>();
  private final Set<String> missing = new HashSet<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private boolean away;
  private boolean busy;
  private @Nullable CountDownLatch hanging;
  private String hangingAt = "";

  /// A password is not accepted any more.
  public synchronized void refuse(String password) {
    refused.add(password);
  }

  public synchronized void accept(String password) {
    refused.remove(password);
  }

  public synchronized void setMissing(String image, boolean isMissing) {
    if (isMissing) {
      missing.add(image);
    } else {
      missing.remove(image);
    }
  }

  public synchronized void setAway(boolean isAway) {
    away = isAway;
  }

  /// Whoever asks is told to come back.
  public synchronized void setBusy(boolean isBusy) {
    busy = isBusy;
  }

  /// One of them, by its address, does not answer from now on.
  public synchronized void hangFor(String address) {
    hanging = new CountDownLatch(1);
    hangingAt = address;
  }

  /// It answers again, also what it left open.
  public synchronized void resume() {
    CountDownLatch latch = hanging;
    hanging = null;
    if (latch != null) {
      latch.countDown();
    }
  }

  /// The address and the password of each question, in order; `-` for none.
  public List<String> asked() {
    return List.copyOf(asked);
  }

  @Override
  public ProbeAnswer ask(Question question) {
    Credential credential = question.credential();
    String password = credential == null ? "-" : credential.password().reveal();
    asked.add(question.address() + " " + password);
    await(question.address().text());
    return answer(question, password);
  }

  private synchronized ProbeAnswer answer(Question question, String password) {
    if (busy) {
      return new ProbeAnswer.NotAsked(question.address() + ": too many questions");
    }
    if (away) {
      return new ProbeAnswer.Unreachable(question.address() + ": no answer");
    }
    if (refused.contains(password)) {
      return new ProbeAnswer.Refused(question.address() + ": 401 Unauthorized");
    }
    Map<ImageReference, ImageAnswer> images = new HashMap<>();
    for (ImageReference image : question.images()) {
      images.put(
          image,
          missing.contains(image.toString())
              ? new ImageAnswer.Missing("404 Not Found")
              : new ImageAnswer.Found("sha256:" + "0".repeat(64)));
    }
    return new ProbeAnswer.Accepted(images);
  }

  private void await(String address) {
    CountDownLatch latch;
    synchronized (this) {
      latch = address.equals(hangingAt) ? hanging : null;
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
