package dev.tidewaiter.source.git;

import dev.tidewaiter.model.Revision;
import dev.tidewaiter.source.History;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;
import org.eclipse.jgit.errors.AmbiguousObjectException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.RevisionSyntaxException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/// How commits follow each other in a repository.
final class CommitLine {
  private CommitLine() {}

  /// The first-parent line down to its first commit, or to where a shallow clone ends.
  static History history(Repository repository, Revision head) throws IOException {
    var revisions = new ArrayList<Revision>();
    try (RevWalk walk = new RevWalk(repository)) {
      RevCommit commit = walk.parseCommit(id(head));
      revisions.add(revision(commit));
      while (commit.getParentCount() > 0) {
        commit = walk.parseCommit(commit.getParent(0));
        revisions.add(revision(commit));
      }
      // JGit gives a shallow commit no parents, so the end alone says nothing.
      boolean cut = repository.getObjectDatabase().getShallowCommits().contains(commit.getId());
      return new History(revisions, !cut);
    }
  }

  /// False if `ancestor` is not known here.
  static boolean isAncestor(Repository repository, Revision ancestor, Revision of)
      throws IOException {
    try (RevWalk walk = new RevWalk(repository)) {
      RevCommit later = walk.parseCommit(id(of));
      return isKnown(repository, ancestor)
          && walk.isMergedInto(walk.parseCommit(id(ancestor)), later);
    }
  }

  /// The commit that a name or an expression stands for; empty if none or several.
  static Optional<Revision> find(Repository repository, String name) throws IOException {
    try {
      ObjectId id = repository.resolve(name + "^{commit}");
      return id == null ? Optional.empty() : Optional.of(revision(id));
    } catch (RevisionSyntaxException | AmbiguousObjectException | MissingObjectException _) {
      return Optional.empty();
    }
  }

  /// Whether the commit's object is here.
  static boolean isKnown(Repository repository, Revision revision) throws IOException {
    try (RevWalk walk = new RevWalk(repository)) {
      return walk.parseCommit(id(revision)) != null;
    } catch (MissingObjectException e) {
      return false;
    }
  }

  /// The commit that an object, such as an annotated tag, stands for.
  static Revision commitOf(Repository repository, ObjectId id) throws IOException {
    try (RevWalk walk = new RevWalk(repository)) {
      return revision(walk.parseCommit(id));
    }
  }

  private static ObjectId id(Revision revision) {
    return ObjectId.fromString(revision.id());
  }

  private static Revision revision(ObjectId id) {
    return new Revision(id.name());
  }
}
