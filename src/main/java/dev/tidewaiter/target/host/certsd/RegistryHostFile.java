package dev.tidewaiter.target.host.certsd;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/// The `hosts.toml` of one registry.
///
/// It is written when every file that it names is there. While a denial of ours stands, it goes
/// only after it denied its registry itself and after the certificates beside it, because a
/// directory without one admits its registry; and nothing is taken from a registry that the denial
/// still admits.
record RegistryHostFile(FileChanges changes, Needs needs) {
  Outcome apply(String environment, Change change, FilePlace place, Compiled.Payloads payloads)
      throws IOException {
    HostsTree tree = HostsTree.around(changes, place.path());
    if (change instanceof Change.Prune) {
      return prune(environment, place, tree);
    }
    HostsDocument current = document(place);
    Optional<HostsDocument> next =
        HostsChange.apply(registry(place), current, place.content(), change, payloads);
    if (next.isEmpty()) {
      return new Outcome.Unchanged("nothing of it is known");
    }
    write(environment, place, tree, next.get());
    return new Outcome.Applied();
  }

  static String registry(FilePlace place) {
    return place.path().parent().name();
  }

  static @Nullable HostsDocument document(FilePlace place) {
    FileContent content = place.content();
    return content == null ? null : HostsDocument.parse(registry(place), content).orElse(null);
  }

  private void write(String environment, FilePlace place, HostsTree tree, HostsDocument next)
      throws IOException {
    FileContent content = next.render();
    List<HostPath> missing = tree.missing(place.path(), content);
    if (!missing.isEmpty()) {
      throw HostFileException.unsafe(
          place.path() + ": it waits for " + HostsTree.words(missing) + ".");
    }
    HostsDocument current = document(place);
    if (next.isDenied() && (current == null || !current.isDenied())) {
      requireNotAdmitted(place, tree);
      needs.require(place.path(), next.registry()::equals);
    }
    if (!next.isDenied() && place.seen() == null) {
      tree.requireNothingLost(place.path());
      requireNoOtherCertificates(place, tree, next);
    }
    changes.write(List.of(place.part(environment, content, next.mode())));
  }

  private static void requireNotAdmitted(FilePlace place, HostsTree tree) throws IOException {
    Optional<SortedSet<String>> admitted = tree.admitted();
    if (admitted.isPresent() && admitted.get().contains(registry(place))) {
      throw HostFileException.unsafe(
          place.path()
              + ": it waits for "
              + tree.file(HostsDocument.DEFAULT)
              + ", which still"
              + " admits "
              + registry(place)
              + ".");
    }
  }

  // They are not looked at beside a hosts.toml, so what could be pulled could be no more.
  private void requireNoOtherCertificates(FilePlace place, HostsTree tree, HostsDocument next)
      throws IOException {
    List<String> named = HostsFormat.references(next.render());
    HostPath own = place.path().parent();
    HostPath directory =
        changes.files().exists(own) ? own : tree.file(HostsDocument.DEFAULT).parent();
    for (String name : changes.files().names(directory)) {
      HostPath file = directory.child(name);
      if (name.matches(".*\\.(crt|cert|key)")
          && !named.contains(file.toString())
          && changes.state().find(file).isEmpty()) {
        throw HostFileException.unsafe(
            file
                + ": somebody else put it there, and it would count no more for "
                + next.registry()
                + " beside a hosts.toml. Declare it under `tls`, or remove it.");
      }
    }
  }

  private Outcome prune(String environment, FilePlace place, HostsTree tree) throws IOException {
    if (place.record() == null) {
      return new Outcome.Unchanged("nothing of it is ours");
    }
    requireNotAdmitted(place, tree);
    var paths = new ArrayList<HostPath>();
    if (tree.admitted().isPresent()) {
      paths.addAll(certificates(environment, place.path().parent()));
      for (HostPath path : paths) {
        tree.requireUnnamed(path, place.path());
      }
      deny(environment, place);
      requireNobodyElse(place, tree);
    }
    paths.add(place.path());
    changes.remove(paths);
    return new Outcome.Applied();
  }

  // What others put there would keep the directory, and so the registry exempt from the denial.
  private static void requireNobodyElse(FilePlace place, HostsTree tree) throws IOException {
    HostPath directory = place.path().parent();
    if (tree.hasForeignFiles(directory)) {
      throw HostFileException.unsafe(
          directory
              + ": somebody else has files there, so the directory would stay and admit "
              + registry(place)
              + ". Its hosts.toml denies it until they are gone.");
    }
  }

  // So that it names none of the certificates that go before it.
  private void deny(String environment, FilePlace place) throws IOException {
    HostsDocument denied = HostsDocument.denied(registry(place));
    changes.write(List.of(place.part(environment, denied.render(), denied.mode())));
  }

  // The key goes last of them: see CertificateFiles.
  private List<HostPath> certificates(String environment, HostPath directory) throws IOException {
    var certificates = new ArrayList<HostPath>();
    for (String name : CertificateFiles.NAMES) {
      HostPath path = directory.child(name);
      changes
          .state()
          .find(path)
          .filter(file -> file.owners().containsValue(environment))
          .ifPresent(_ -> certificates.add(path));
    }
    return certificates;
  }
}
