package dev.tidewaiter.target.host.certsd;

import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostFile;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// `_default/hosts.toml`: nothing may be pulled from a registry without a directory of its own.
///
/// Written last: when each registry that it admits has a `hosts.toml` that every runtime reads,
/// with every file that this names, and nothing is refused that the machine itself needs. Then the
/// runtime is asked; if it does not deny, the bytes from before come back.
record DenialFile(FileChanges changes, Needs needs, Denials denials) {
  /// The beginning of the field for a registry that is admitted.
  static final String ALLOWED = "allowed/";

  Outcome apply(String environment, Change change, FilePlace place) throws IOException {
    if (change instanceof Change.Prune) {
      changes.remove(List.of(place.path()));
      return new Outcome.Applied();
    }
    HostsTree tree = HostsTree.around(changes, place.path());
    HostsDocument next = HostsDocument.denial(admitted(change, place, tree));
    requireReady(place.path(), tree, next);
    requireNeeds(place.path(), tree, next);
    changes.write(List.of(place.part(environment, next.render(), next.mode())));
    return proven(place);
  }

  // One that stands in the file and has no directory may be a word of somebody else.
  private SortedSet<String> admitted(Change change, FilePlace place, HostsTree tree)
      throws IOException {
    HostsDocument current = RegistryHostFile.document(place);
    var admitted = new TreeSet<String>();
    if (current != null) {
      for (String registry : current.admitted()) {
        if (changes.files().exists(tree.file(registry))) {
          admitted.add(registry);
        }
      }
    }
    HostsChange.set(change).keySet().stream()
        .filter(field -> field.startsWith(ALLOWED))
        .forEach(field -> admitted.add(field.substring(ALLOWED.length())));
    HostsChange.dropped(change).stream()
        .filter(field -> field.startsWith(ALLOWED))
        .forEach(field -> admitted.remove(field.substring(ALLOWED.length())));
    return admitted;
  }

  private void requireReady(HostPath denial, HostsTree tree, HostsDocument next)
      throws IOException {
    var missing = new ArrayList<HostPath>();
    for (String registry : next.admitted()) {
      HostPath path = tree.file(registry);
      Optional<HostFile> file = changes.read(path);
      if (file.isPresent() && HostsFormat.isSound(file.get().content())) {
        missing.addAll(tree.missing(path, file.get().content()));
      } else {
        missing.add(path);
      }
    }
    if (!missing.isEmpty()) {
      throw HostFileException.unsafe(denial + ": it waits for " + HostsTree.words(missing) + ".");
    }
  }

  private void requireNeeds(HostPath denial, HostsTree tree, HostsDocument next)
      throws IOException {
    var admitted = new TreeSet<>(next.admitted());
    tree.foreign(next.admitted()).forEach(directory -> admitted.add(directory.registry()));
    needs.require(denial, registry -> !admitted.contains(registry));
  }

  private Outcome proven(FilePlace before) throws IOException {
    Optional<String> refutation;
    try {
      refutation = denials.refutation();
    } catch (IOException e) {
      rollBack(before);
      throw e;
    }
    if (refutation.isEmpty()) {
      return new Outcome.Applied();
    }
    rollBack(before);
    return new Outcome.Failed(
        FailureReason.NotEffective, before.path() + ": " + refutation.get(), null);
  }

  private void rollBack(FilePlace before) throws IOException {
    HostFile seen = before.seen();
    if (seen == null || before.record() == null) {
      changes.remove(List.of(before.path()));
      return;
    }
    FilePlace now = FilePlace.read(changes, before.id());
    changes.write(
        List.of(
            new FileChanges.Part(
                new FileChanges.Write(
                    now.path(), now.seen(), seen.content(), seen.ownership(), seen.ownership()),
                before.record())));
  }
}
