package dev.tidewaiter.target.kubernetes;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidewaiter.target.TargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Keeps a mirror in step with the API server: lists in pages, then watches, and lists again when
/// the watch's version is too old and every so often.
///
/// A watch can fall silent for ever without an error
/// ([reflector](https://github.com/emberstack/kubernetes-reflector/issues/341)), also because the
/// cluster was restored and its versions are smaller than the one that the watch goes on from: an
/// API server then waits, and sends not even a bookmark. So all is listed anew when none came for
/// [#SILENCE].
final class Follower<T extends Seen> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Follower.class);

  /// The API server sends a bookmark about once a minute.
  static final Duration SILENCE = Duration.ofSeconds(150);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /// What is followed.
  ///
  /// @param word the resource, for messages
  /// @param path of the collection, with a query that ends so that `&` may follow
  /// @param pageSize objects to a page, at most
  record Collection(String word, String path, int pageSize) {}

  private final Api api;
  private final Collection collection;
  private final Function<JsonNode, T> reading;
  private final Mirror<T> mirror;
  private final @Nullable Duration relist;
  private final Duration silence;
  private final Thread thread;
  private final Object lock = new Object();
  private volatile boolean closed;

  /// This and the next are the thread's own.
  private final PageSize page;

  /// What a watch goes on from.
  private String version = "";

  @GuardedBy("lock")
  private boolean inStep;

  @GuardedBy("lock")
  private @Nullable ApiException failure;

  Follower(
      Api api,
      Collection collection,
      Function<JsonNode, T> reading,
      Mirror<T> mirror,
      @Nullable Duration relist) {
    this(api, collection, reading, mirror, relist, SILENCE);
  }

  Follower(
      Api api,
      Collection collection,
      Function<JsonNode, T> reading,
      Mirror<T> mirror,
      @Nullable Duration relist,
      Duration silence) {
    this.api = api;
    this.collection = collection;
    this.reading = reading;
    this.mirror = mirror;
    this.relist = relist;
    this.silence = silence;
    this.page = new PageSize(collection.pageSize());
    this.thread = Thread.ofVirtual().name("watch " + collection.word()).start(this::run);
  }

  Mirror<T> mirror() {
    return mirror;
  }

  boolean isInStep() {
    synchronized (lock) {
      return inStep;
    }
  }

  /// Waits until the mirror is in step.
  ///
  /// @param deadline on the clock of `System.nanoTime`
  /// @throws TargetException if that is not so by then, or at once if we may not or cannot look
  void await(String target, long deadline) throws TargetException {
    synchronized (lock) {
      while (!inStep) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0 || (failure != null && (failure.isDenied() || failure.isUnconnected()))) {
          throw unavailable(target);
        }
        try {
          lock.wait(left);
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
          throw unavailable(target);
        }
      }
    }
  }

  /// Whether the API server says that we may not look: somebody has to grant it.
  boolean isDenied() {
    synchronized (lock) {
      return !inStep && failure != null && failure.isForbidden();
    }
  }

  /// Waits until the mirror is in step, unless looking already failed.
  ///
  /// @param deadline on the clock of `System.nanoTime`
  /// @return whether it is in step
  boolean awaitUnlessFailed(long deadline) {
    synchronized (lock) {
      while (!inStep && failure == null) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          break;
        }
        try {
          lock.wait(left);
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
          break;
        }
      }
      return inStep;
    }
  }

  @GuardedBy("lock")
  private TargetException unavailable(String target) {
    boolean denied = failure != null && failure.isDenied();
    String why =
        failure == null ? "list " + collection.word() + ": no answer yet" : failure.getMessage();
    return new TargetException(target + ": cannot " + why + ".", denied, failure);
  }

  private void run() {
    try {
      keepInStep();
    } finally {
      // Also after a bug: a mirror that nobody keeps in step must not be believed.
      synchronized (lock) {
        inStep = false;
      }
    }
  }

  private void keepInStep() {
    int failures = 0;
    while (!closed) {
      try {
        list();
        page.widen();
        failures = 0;
        follow();
      } catch (ApiException e) {
        if (e.isGone()) {
          page.widen();
        } else if (e.isLate()) {
          page.late();
        }
        lost(e);
        pause(e, failures++);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException | Error e) {
        // Neither a bug nor a page too large for the heap may end the watch for as long as the
        // process runs. The message may quote what was read.
        if (e instanceof OutOfMemoryError) {
          page.tooLarge();
        }
        ApiException failed = ApiException.unanswered("list " + collection.word(), e);
        lost(failed);
        log.atError()
            .setMessage("watch failed")
            .addKeyValue("resource", collection.word())
            .addKeyValue("bug", e.getClass().getName())
            .addKeyValue("at", e.getStackTrace().length == 0 ? "" : e.getStackTrace()[0])
            .log();
        pause(failed, failures++);
      }
    }
  }

  private void list() throws ApiException {
    mirror.listing();
    var listed = new ArrayList<T>();
    String next = "";
    do {
      JsonNode read = readPage(next);
      read.path("items").forEach(item -> listed.add(reading.apply(item)));
      version = Json.string(read.path("metadata"), "resourceVersion");
      next = Json.string(read.path("metadata"), "continue");
    } while (!next.isEmpty());
    mirror.replace(List.copyOf(listed), Reading.version(version));
  }

  private JsonNode readPage(String from) throws ApiException {
    while (true) {
      try {
        String path = collection.path() + "&limit=" + page.now() + "&continue=" + Call.encode(from);
        return api.read(path, "list " + collection.word());
      } catch (ApiException e) {
        if (!e.isTooLarge() || page.now() == 1) {
          throw e;
        }
        page.tooLarge();
      }
    }
  }

  /// Watches until all has to be listed anew; without a time for that, keeps what was listed.
  private void follow() throws ApiException, InterruptedException {
    if (relist == null) {
      found();
      awaitClosing();
      return;
    }
    long end = System.nanoTime() + jittered(relist).toNanos();
    int failures = 0;
    while (!closed && System.nanoTime() < end) {
      try (WatchStream stream = open()) {
        found();
        failures = 0;
        drain(stream, end);
        return;
      } catch (ApiException e) {
        if (e.isGone()) {
          return;
        }
        lost(e);
        pause(e, failures++);
      }
    }
  }

  private void awaitClosing() throws InterruptedException {
    synchronized (lock) {
      while (!closed) {
        lock.wait();
      }
    }
  }

  private WatchStream open() throws ApiException {
    long seconds = jittered(Duration.ofMinutes(10)).toSeconds();
    return api.watch(
        collection.path()
            + "&watch=true&allowWatchBookmarks=true&timeoutSeconds="
            + seconds
            + "&resourceVersion="
            + Call.encode(version),
        "watch " + collection.word());
  }

  /// Takes events in until the end, or until none came for too long.
  private void drain(WatchStream stream, long end) throws ApiException, InterruptedException {
    while (!closed) {
      Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
      Optional<JsonNode> event = stream.next(left.compareTo(silence) < 0 ? left : silence);
      if (event.isEmpty()) {
        return;
      }
      take(event.get());
    }
  }

  private void take(JsonNode event) throws ApiException {
    JsonNode object = event.path("object");
    switch (Json.string(event, "type")) {
      case "ADDED", "MODIFIED" -> {
        // The echo of our own write is mostly known from its answer; to seal it again costs time.
        if (mirror.isNews(Reading.identity(object.path("metadata")))) {
          mirror.put(reading.apply(object));
        }
      }
      case "DELETED" -> mirror.remove(reading.apply(object));
      case "ERROR" ->
          throw ApiException.refused(
              "watch " + collection.word(),
              object.path("code").asInt(0),
              Json.string(object, "reason"),
              null);
      // A bookmark, which only carries a version on; or a type of a later API.
      default -> {}
    }
    String reached = Json.string(object.path("metadata"), "resourceVersion");
    version = reached.isEmpty() ? version : reached;
  }

  private void found() {
    synchronized (lock) {
      inStep = true;
      failure = null;
      lock.notifyAll();
    }
  }

  private void lost(ApiException e) {
    synchronized (lock) {
      if (closed) {
        return;
      }
      inStep = false;
      if (e.isEnd()) {
        return;
      }
      boolean first = failure == null;
      failure = e;
      lock.notifyAll();
      if (first) {
        log.atWarn()
            .setMessage("watch lost")
            .addKeyValue("resource", collection.word())
            .addKeyValue("reason", e.getMessage())
            .log();
      }
    }
  }

  private void pause(ApiException e, int failures) {
    Duration grown = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, 7));
    Duration asked = e.retryAfter() == null ? Duration.ZERO : e.retryAfter();
    Duration bounded = grown.compareTo(LONGEST_PAUSE) < 0 ? grown : LONGEST_PAUSE;
    try {
      Thread.sleep(asked.compareTo(bounded) > 0 ? asked : jittered(bounded));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      closed = true;
    }
  }

  /// Between one half and the whole, so that the daemons of one cluster do not come together.
  private static Duration jittered(Duration whole) {
    long millis = whole.toMillis();
    return Duration.ofMillis(millis - ThreadLocalRandom.current().nextLong(millis / 2 + 1));
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
