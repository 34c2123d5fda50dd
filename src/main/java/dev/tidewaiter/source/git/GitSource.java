package dev.tidewaiter.source.git;

import dev.tidewaiter.model.Revision;
import dev.tidewaiter.model.Snapshot;
import dev.tidewaiter.source.History;
import dev.tidewaiter.source.Source;
import dev.tidewaiter.source.SourceException;
import dev.tidewaiter.source.git.GitSettings.Reference;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.RefSpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A config repository on a Git server.
///
/// The clone holds one branch, tag or pinned revision and follows it wherever it is set, also
/// backwards. A reading or a download that finds the clone damaged makes a new one and is tried
/// once more. A pinned revision that is already here needs no server. A sub-path that a revision
/// does not have is like an empty one.
///
/// Whatever is here already can be read while a server is still answering.
public final class GitSource implements Source {
  private static final Logger LOG = LoggerFactory.getLogger(GitSource.class);

  private final GitSettings settings;
  private final Remote remote;
  private final CloneDirectory clone;
  private final SettledRecord settled;
  private final DownloadBackOff backOff;

  /// Held by who changes the clone, however long a server takes.
  private final ReentrantLock changing = new ReentrantLock();

  /// Touches neither the disk nor the network.
  public GitSource(GitSettings settings) {
    this(settings, Limits.OF_SERVERS);
  }

  GitSource(GitSettings settings, Limits limits) {
    IsolatedSystem.install();
    this.settings = settings;
    this.remote = new Remote(settings, limits);
    this.clone = new CloneDirectory(settings.directory());
    this.settled = new SettledRecord(settings.directory());
    this.backOff = new DownloadBackOff(RemoteFailure.shown(settings.url()), System::nanoTime);
  }

  @Override
  public Revision fetch() throws SourceException {
    changing.lock();
    try {
      return switch (settings.reference()) {
        case Reference.Branch(String name) -> follow(Constants.R_HEADS, name);
        case Reference.Tag(String name) -> follow(Constants.R_TAGS, name);
        case Reference.Pinned(String id) -> pinned(id);
      };
    } finally {
      changing.unlock();
    }
  }

  @Override
  public Optional<Revision> lastFetched() throws SourceException {
    try (Repository repository = clone.reading()) {
      if (settings.reference() instanceof Reference.Pinned(String id)) {
        Revision pinned = wholeId(id);
        return CommitLine.isKnown(repository, pinned) ? Optional.of(pinned) : Optional.empty();
      }
      ObjectId followed = clone.followed();
      return followed == null
          ? Optional.empty()
          : Optional.of(CommitLine.commitOf(repository, followed));
    } catch (IOException e) {
      // Nobody can be asked for another clone, so what cannot be read was not fetched.
      LOG.atWarn()
          .setMessage("clone not readable")
          .addKeyValue("directory", settings.directory())
          .log();
      return Optional.empty();
    }
  }

  @Override
  public Optional<Revision> find(String name) throws SourceException {
    return read(repository -> CommitLine.find(repository, inClone(name)));
  }

  // The clone has one branch, by a name of its own.
  private String inClone(String name) {
    int end = name.replaceFirst("[~^].*", "").length();
    String start = name.substring(0, end);
    boolean followed =
        switch (settings.reference()) {
          case Reference.Branch(String branch) -> start.equals(branch);
          case Reference.Tag(String tag) -> start.equals(tag);
          case Reference.Pinned _ -> false;
        };
    return followed || start.equals(Constants.HEAD)
        ? CloneDirectory.FOLLOWED + name.substring(end)
        : name;
  }

  @Override
  public Snapshot snapshot(Revision revision) throws SourceException {
    return read(repository -> TreeSnapshot.read(repository, revision, settings.path()));
  }

  @Override
  public History history(Revision head) throws SourceException {
    return read(repository -> CommitLine.history(repository, head));
  }

  @Override
  public boolean isAncestor(Revision ancestor, Revision of) throws SourceException {
    return read(repository -> CommitLine.isAncestor(repository, ancestor, of));
  }

  @Override
  public @Nullable Revision settled() throws SourceException {
    return settled.read();
  }

  @Override
  public void settle(Revision revision) throws SourceException {
    settled.write(revision);
  }

  @Override
  public void close() {
    clone.close();
  }

  private Revision follow(String prefix, String name) throws SourceException {
    ObjectId advertised = find(remote.list(openClone()), prefix, name);
    if (!advertised.equals(clone.followed())) {
      backOff.begin(advertised.name(), this::download);
    }
    return read(repository -> CommitLine.commitOf(repository, followed(repository)));
  }

  private ObjectId find(Collection<Ref> refs, String prefix, String name) throws SourceException {
    for (Ref ref : refs) {
      ObjectId id = ref.getObjectId();
      if (id != null && ref.getName().equals(prefix + name)) {
        return id;
      }
    }
    String url = RemoteFailure.shown(settings.url());
    if (refs.stream().noneMatch(ref -> ref.getObjectId() != null)) {
      throw new SourceException(url + ": the repository is empty\n  Push a first commit.", null);
    }
    String kind = prefix.equals(Constants.R_HEADS) ? "branch" : "tag";
    throw new SourceException("%s: there is no %s `%s`".formatted(url, kind, name), null);
  }

  private static ObjectId followed(Repository repository) throws IOException {
    Ref ref = repository.exactRef(CloneDirectory.FOLLOWED);
    ObjectId id = ref == null ? null : ref.getObjectId();
    if (id == null) {
      throw new IOException("the clone has lost " + CloneDirectory.FOLLOWED);
    }
    return id;
  }

  private Revision pinned(String id) throws SourceException {
    Revision revision = wholeId(id);
    if (!isHere(revision)) {
      backOff.begin(id, this::download);
      if (!isHere(revision)) {
        throw new SourceException(
            "%s: revision %s is on no branch or tag\n  Push it, or pin another."
                .formatted(RemoteFailure.shown(settings.url()), id),
            null);
      }
    }
    return revision;
  }

  private boolean isHere(Revision revision) throws SourceException {
    return read(repository -> CommitLine.isKnown(repository, revision));
  }

  private static Revision wholeId(String id) throws SourceException {
    try {
      return new Revision(id);
    } catch (IllegalArgumentException e) {
      throw new SourceException(
          "`%s` is not a whole commit id\n  Write all of its 40 digits.".formatted(id), e);
    }
  }

  private void download() throws SourceException {
    try {
      if (clone.isWorn()) {
        clone.renew(this::fill);
      } else {
        clone.update(this::fill);
      }
    } catch (SourceException | IOException e) {
      if (e instanceof SourceException failure && Remote.isEndless(failure)) {
        throw failure;
      }
      // The line or the clone may be to blame; a new clone answers which.
      renew(e);
    }
  }

  /// Fetches what the reference names. A pinned revision is asked for by its id; a server that
  /// serves only what its refs name gives all of them instead.
  private void fill(Repository repository) throws SourceException {
    switch (settings.reference()) {
      case Reference.Branch(String name) -> fetch(repository, Constants.R_HEADS + name);
      case Reference.Tag(String name) -> fetch(repository, Constants.R_TAGS + name);
      case Reference.Pinned(String id) -> {
        try {
          fetch(repository, id);
        } catch (SourceException e) {
          if (Remote.isEndless(e)) {
            throw e;
          }
          LOG.atDebug().setMessage("revision not served by its id").addKeyValue("id", id).log();
          remote.fetch(
              repository,
              List.of(
                  new RefSpec("+refs/heads/*:refs/tidewaiter/heads/*"),
                  new RefSpec("+refs/tags/*:refs/tidewaiter/tags/*")));
        }
      }
    }
  }

  private void fetch(Repository repository, String from) throws SourceException {
    remote.fetch(
        repository,
        List.of(
            new RefSpec()
                .setSourceDestination(from, CloneDirectory.FOLLOWED)
                .setForceUpdate(true)));
  }

  private <T> T read(Reading<T> reading) throws SourceException {
    try (Repository repository = clone.reading()) {
      return reading.from(repository);
    } catch (IOException damage) {
      repair(damage);
    }
    try (Repository repository = clone.reading()) {
      return reading.from(repository);
    } catch (IOException e) {
      throw new SourceException(
          "the clone in %s cannot be read, although it was made anew"
              .formatted(settings.directory()),
          e);
    }
  }

  private void repair(IOException damage) throws SourceException {
    if (!changing.tryLock()) {
      throw new SourceException(
          "the clone in %s cannot be read, and the server is still answering"
              .formatted(settings.directory()),
          damage);
    }
    try {
      renew(damage);
    } finally {
      changing.unlock();
    }
  }

  private Repository openClone() throws SourceException {
    try {
      return clone.open();
    } catch (IOException e) {
      throw new SourceException(
          "the clone in %s cannot be opened".formatted(settings.directory()), e);
    }
  }

  private void renew(Exception damage) throws SourceException {
    LOG.atWarn()
        .setMessage("clone is made anew")
        .addKeyValue("directory", settings.directory())
        .addKeyValue("reason", damage.getClass().getSimpleName())
        .log();
    try {
      clone.renew(this::fill);
    } catch (IOException e) {
      throw new SourceException(
          "the clone in %s cannot be written".formatted(settings.directory()), e);
    }
  }

  private interface Reading<T> {
    T from(Repository repository) throws IOException;
  }
}
