package dev.tidewaiter.config;

import dev.tidewaiter.model.Place;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.Snapshot;
import dev.tidewaiter.model.SnapshotEntry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A snapshot of files to declarations, or to all its problems.
///
/// In this order: every file is read, every document is validated by the schema of its kind, and
/// what is valid is compared with the others. All of it happens even if there are problems, so that
/// an author sees them together; but what follows from another problem is not reported again.
///
/// Keeps only the compiled schemas. Safe for use by many threads.
public final class DeclarationLoader {
  private final Schemas schemas = new Schemas();
  private final SchemaCheck check = new SchemaCheck(schemas);

  /// Pure but for what the context's order of additions reads, and only if two active registries of
  /// an environment have one address.
  public Loaded load(Snapshot snapshot, LoadContext context) {
    var index = new Index();
    readAll(index, snapshot.entries());
    if (index.problems().isEmpty() && isEmpty(index)) {
      index.problems().add(nothingDeclared());
    }
    ReferenceRules.check(index);
    PolicyRules.check(index);
    GovernanceRules.check(index);
    HostingRules.check(index);
    OverlapRules.check(index);
    Map<String, Map<String, String>> superseded = new AddressRules(index, context).check();
    if (!index.problems().isEmpty()) {
      return new Loaded.Rejected(index.problems().told());
    }
    var declarations =
        new Declarations(
            new TreeMap<>(index.registries()),
            new TreeMap<>(index.policies()),
            new TreeMap<>(index.environments()),
            superseded);
    return new Loaded.Accepted(declarations, index.notes().told());
  }

  private static boolean isEmpty(Index index) {
    return Kind.declared().stream().allMatch(word -> index.names(kind(word)).isEmpty());
  }

  private static Kind kind(String word) {
    Kind kind = Kind.find(word);
    if (kind == null) {
      throw new IllegalStateException("no such kind: " + word);
    }
    return kind;
  }

  private static Problem nothingDeclared() {
    return new Problem(
        Place.of(""),
        "There is no declaration here.",
        "Check the branch and `repository.path`; to withdraw everything, set the environments to"
            + " `state: Retired`.");
  }

  private void readAll(Index index, List<SnapshotEntry> entries) {
    for (SnapshotEntry entry : entries) {
      if (index.isFull()) {
        index.markIncomplete();
        index
            .problems()
            .add(
                new Problem(
                    Place.of(entry.path()),
                    "Neither this file nor what comes after it was read: at most "
                        + Index.MAX_VALUES
                        + " values together are.",
                    "Leave out what is no declaration with `.tidewaiterignore`."));
        return;
      }
      read(index, entry);
    }
  }

  private void read(Index index, SnapshotEntry entry) {
    switch (entry) {
      case SnapshotEntry.File file -> {
        Documents documents = YamlReader.read(file.path(), file.content().bytes());
        index.count(documents);
        index.problems().addAll(documents.problems());
        if (!documents.complete()) {
          index.markIncomplete();
        }
        documents.documents().forEach(document -> take(index, document, documents.problems()));
      }
      case SnapshotEntry.TooLarge large -> {
        index.markIncomplete();
        index.problems().add(tooLarge(large));
      }
      case SnapshotEntry.TooMany many -> {
        index.markIncomplete();
        index.problems().add(tooMany(many));
      }
      case SnapshotEntry.SymbolicLink link -> {
        index.markIncomplete();
        index
            .problems()
            .add(
                new Problem(
                    Place.of(link.path()),
                    "The file is a symbolic link, which is never followed.",
                    "Commit the file itself, or leave it out with `.tidewaiterignore`."));
      }
    }
  }

  private static Problem tooLarge(SnapshotEntry.TooLarge large) {
    return new Problem(
        Place.of(large.path()),
        "The file has more than " + large.limit() + " bytes, so it was not read.",
        "Divide it, or leave it out with `.tidewaiterignore`.");
  }

  private static Problem tooMany(SnapshotEntry.TooMany many) {
    return new Problem(
        Place.of(many.path()),
        "Neither this nor what comes after it was read: at most " + many.limit() + ".",
        "Leave out what is no declaration with `.tidewaiterignore`, or by `repository.path`.");
  }

  private void take(Index index, Document document, List<Problem> known) {
    Kind kind = Foreign.kindOf(document, index.problems());
    if (kind == null) {
      index.markIncomplete();
      return;
    }
    List<Problem> problems =
        check.check(document, kind).stream()
            .filter(p -> known.stream().noneMatch(k -> k.place().equals(p.place())))
            .toList();
    index.problems().addAll(problems);
    boolean valid = problems.isEmpty();
    Document kept = valid ? document.places() : document.placeOfName();
    if (claim(index, kind, document, kept) && valid) {
      declare(index, kind, document);
    }
  }

  /// Takes a name for a document.
  ///
  /// @param kept what of it is needed after all are read
  /// @return whether no other has it
  private static boolean claim(Index index, Kind kind, Document document, Document kept) {
    if (document.name().isEmpty()) {
      index.markIncomplete();
      return false;
    }
    Document first = index.claim(kind, document.name(), kept);
    if (first != null) {
      index
          .problems()
          .add(
              new Problem(
                  document.placeOf("/metadata/name"),
                  kind.word() + " `" + document.name() + "` is declared a second time.",
                  "Give it another name, or delete one; the first is at "
                      + first.placeOf("/metadata/name")
                      + "."));
    }
    return first == null;
  }

  private void declare(Index index, Kind kind, Document document) {
    Fields spec = Fields.ofSpec(document, schemas.of(kind));
    String name = document.name();
    switch (kind) {
      case REGISTRY -> {
        Registry registry = new RegistryReader(index.problems()).read(document, spec);
        if (registry != null) {
          index.registries().put(name, registry);
        }
      }
      case REGISTRY_POLICY -> {
        RegistryPolicy policy = new PolicyReader(index.problems()).read(document, spec);
        if (policy != null) {
          index.policies().put(name, policy);
        }
      }
      case ENVIRONMENT ->
          index
              .environments()
              .put(name, new EnvironmentReader(index.problems()).read(document, spec));
      case DAEMON -> throw new IllegalStateException("not a declaration: " + document.file());
    }
  }
}
