package dev.tidewaiter.source.git;

import dev.tidewaiter.model.Revision;
import dev.tidewaiter.model.Snapshot;
import dev.tidewaiter.source.History;
import dev.tidewaiter.source.SourceException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jgit.errors.RevisionSyntaxException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.jspecify.annotations.Nullable;

/// A folder on the author's machine, in a working tree or in no repository at all: what `validate`
/// reads. Nothing in it is written.
///
/// Who asked for it sits there: the messages of its exceptions end with a line that says what to
/// do.
public final class LocalCheckout implements AutoCloseable {
  private static final String REVISIONS =
      "\n  Name a branch, a tag or an id that `git log` shows; a shallow clone has the newest alone.";

  private final Path folder;
  private final @Nullable Repository repository;
  private final String path;

  private LocalCheckout(Path folder, @Nullable Repository repository, String path) {
    this.folder = folder;
    this.repository = repository;
    this.path = path;
  }

  /// @throws SourceException if it is not a folder, or the repository around it cannot be opened
  public static LocalCheckout open(Path folder) throws SourceException {
    IsolatedSystem.install();
    try {
      if (!Files.isDirectory(folder)) {
        throw new SourceException(
            Files.exists(folder)
                ? folder + ": this is a file\n  Name its folder: declarations are read together."
                : folder + ": there is no such folder\n  Name the one that has the declarations.",
            null);
      }
      Path real = folder.toRealPath();
      var builder = new FileRepositoryBuilder().findGitDir(real.toFile());
      if (builder.getGitDir() == null) {
        return new LocalCheckout(real, null, "");
      }
      Repository repository = builder.setMustExist(true).build();
      return new LocalCheckout(real, repository, beneath(repository, real));
    } catch (IOException | IllegalArgumentException e) {
      throw new SourceException(
          folder
              + ": the repository around it cannot be opened\n  See what `git status` says there.",
          e);
    }
  }

  private static String beneath(Repository repository, Path folder) throws IOException {
    if (repository.isBare()) {
      return "";
    }
    Path root = repository.getWorkTree().toPath().toRealPath();
    return SubPath.normalise(root.relativize(folder).toString());
  }

  /// The files as they are on disk, committed or not.
  public Snapshot workingTree() throws SourceException {
    try {
      return FolderSnapshot.read(folder);
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  /// Named for the file within the folder, if it is known.
  static SourceException unreadable(Path folder, IOException failure) {
    String file =
        failure instanceof FileSystemException known && known.getFile() != null
            ? known.getFile()
            : folder.toString();
    return new SourceException(file + ": cannot be read\n  Check its permissions.", failure);
  }

  public boolean isInRepository() {
    return repository != null;
  }

  /// The commit that is checked out; empty outside a repository and before the first commit.
  public Optional<Revision> head() throws SourceException {
    return repository == null ? Optional.empty() : find(repository, Constants.HEAD);
  }

  /// The commit that a branch, a tag, an id or an expression such as `HEAD~3` names.
  ///
  /// @throws SourceException if there is no repository, or nothing of that name in it
  public Revision resolve(String name) throws SourceException {
    return find(required(), name)
        .orElseThrow(
            () ->
                new SourceException("there is no revision `" + name + "` here" + REVISIONS, null));
  }

  /// The same folder at a revision.
  public Snapshot snapshot(Revision revision) throws SourceException {
    return read(repository -> TreeSnapshot.read(repository, revision, path));
  }

  /// The first-parent line; incomplete on a shallow clone.
  public History history(Revision head) throws SourceException {
    return read(repository -> CommitLine.history(repository, head));
  }

  /// Whether one revision is reachable from another; false if `ancestor` is not known here.
  public boolean isAncestor(Revision ancestor, Revision of) throws SourceException {
    return read(repository -> CommitLine.isAncestor(repository, ancestor, of));
  }

  @Override
  public void close() {
    if (repository != null) {
      repository.close();
    }
  }

  private Optional<Revision> find(Repository repository, String name) throws SourceException {
    try {
      ObjectId id = repository.resolve(name + "^{commit}");
      return Optional.ofNullable(id).map(commit -> new Revision(commit.name()));
    } catch (RevisionSyntaxException e) {
      throw new SourceException("`" + name + "` is not a revision" + REVISIONS, e);
    } catch (IOException e) {
      throw new SourceException("revision `" + name + "` cannot be read in " + folder, e);
    }
  }

  private <T> T read(Reading<T> reading) throws SourceException {
    try {
      return reading.from(required());
    } catch (IOException e) {
      throw new SourceException("the repository around " + folder + " cannot be read", e);
    }
  }

  private Repository required() throws SourceException {
    if (repository == null) {
      throw new SourceException(
          folder + " is in no Git repository\n  Name a folder of a clone.", null);
    }
    return repository;
  }

  private interface Reading<T> {
    T from(Repository repository) throws IOException;
  }
}
