package dev.tidewaiter.target.host;

import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.Proof;
import dev.tidewaiter.target.TargetException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The work on a host's files, one piece at a time, and what a failure of it is to those who want
/// it.
final class HostWork {
  private final String host;
  private final ReentrantLock lock = new ReentrantLock();

  /// @param host the name of the target
  HostWork(String host) {
    this.host = host;
  }

  /// One piece.
  interface Piece<T> {
    T run() throws IOException;
  }

  /// @param what is read
  <T> T read(String what, Piece<T> piece) throws TargetException {
    lock.lock();
    try {
      return piece.run();
    } catch (HostFileException e) {
      throw new TargetException(
          host + ": " + what + " could not be read: " + e.getMessage(), false, e);
    } catch (AccessDeniedException e) {
      throw new TargetException(host + ": " + what + " may not be read.", true, e);
    } catch (IOException e) {
      throw new TargetException(host + ": " + what + " could not be read.", false, e);
    } finally {
      lock.unlock();
    }
  }

  /// @param otherwise what it is if it fails
  <T> T show(Piece<T> piece, Function<Proof.Inconclusive, T> otherwise) {
    lock.lock();
    try {
      return piece.run();
    } catch (IOException e) {
      return otherwise.apply(new Proof.Inconclusive(host + ": " + HostFileException.describe(e)));
    } finally {
      lock.unlock();
    }
  }

  /// @param id the resource that is changed
  Outcome change(ResourceId id, Piece<Outcome> piece) {
    lock.lock();
    try {
      return piece.run();
    } catch (HostFileException e) {
      return failed(e.reason(), e.getMessage());
    } catch (AccessDeniedException e) {
      return failed(
          FailureReason.AccessDenied,
          id
              + ": "
              + e.getFile()
              + " may not be written. Run Tidewaiter as root; if NFS with `root_squash` keeps root"
              + " out of a home, leave its user out of `hosts.credentials.users`.");
    } catch (IOException e) {
      return failed(
          FailureReason.Unavailable, id + ": the file system answered with " + answer(e) + ".");
    } finally {
      lock.unlock();
    }
  }

  // The reason of the operating system, such as `No space left on device`, quotes no file.
  private static String answer(IOException failure) {
    String reason = failure instanceof FileSystemException e ? e.getReason() : null;
    return reason == null ? failure.getClass().getSimpleName() : reason;
  }

  private static Outcome failed(FailureReason reason, @Nullable String detail) {
    return new Outcome.Failed(reason, detail == null ? reason.name() : detail, null);
  }
}
