package dev.tidewaiter.target.host.containers;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.FieldChange;
import dev.tidewaiter.plan.Holding;
import dev.tidewaiter.plan.ObservedField;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostFile;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.ManagedFiles;
import dev.tidewaiter.target.host.OwnedFile;
import dev.tidewaiter.target.host.Ownership;
import dev.tidewaiter.target.host.containers.Trials.Question;
import dev.tidewaiter.target.host.containers.Trials.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Our drop-in of `registries.conf.d`, wholly ours: what is observed are the fields that it would
/// have to be rendered from, and one more if it was not.
///
/// podman reads it at every start. CRI-O keeps what it read until SIGHUP; so the record says
/// [#RELOAD] from before the file changes until CRI-O has it, and what was not told to it, because
/// of a crash in between, shows as drift.
final class RegistriesDropIn implements ManagedFiles {
  static final HostPath DIRECTORY = new HostPath("etc/containers/registries.conf.d");
  static final HostPath PATH = DIRECTORY.child("90-tidewaiter.conf");

  private static final String CONTENT = "content";
  private static final String RELOAD = "reload";
  private static final String MODE = "0644";
  private static final Ownership DIRECTORIES = Ownership.ofMode("0755");
  private static final String TRIED = "tidewaiter-trial.invalid";
  private static final FileContent OPEN =
      FileContent.of(
          "{\"default\":[{\"type\":\"insecureAcceptAnything\"}]}".getBytes(StandardCharsets.UTF_8));

  private final FileChanges changes;
  private final Trials trials;
  private final Crio crio;

  RegistriesDropIn(FileChanges changes, Trials trials, Crio crio) {
    this.changes = changes;
    this.trials = trials;
    this.crio = crio;
  }

  @Override
  public Optional<ObservedResource> observe(String environment, ResourceId id) throws IOException {
    Optional<OwnedFile> record = changes.state().find(PATH);
    boolean ours = record.isPresent() && record.get().owners().containsValue(environment);
    var fields = new TreeMap<String, ObservedField>();
    try {
      Optional<HostFile> file = changes.read(PATH);
      if (file.isPresent()) {
        observed(file.get()).forEach((name, value) -> fields.put(name, field(value, ours)));
        if (record.isPresent() && record.get().owners().containsKey(RELOAD)) {
          fields.put(CONTENT, field("not in force", ours));
        }
      } else if (record.isPresent()) {
        fields.put(CONTENT, field("absent", ours));
      }
    } catch (HostFileException _) {
      // Told when the change that follows from this is applied.
      record.ifPresent(_ -> fields.put(CONTENT, field("unreadable", ours)));
    }
    return fields.isEmpty()
        ? Optional.empty()
        : Optional.of(new ObservedResource(id, holding(environment, record), fields));
  }

  private static ObservedField field(String value, boolean ours) {
    return new ObservedField(new FieldValue.Plain(value), ours);
  }

  private static SortedMap<String, String> observed(HostFile file) {
    Optional<DropInDocument> document = DropInDocument.read(file.content());
    var fields = new TreeMap<String, String>();
    document.ifPresent(found -> fields.putAll(found.fields()));
    boolean asRendered =
        document.isPresent()
            && Arrays.equals(document.get().content().bytes(), file.content().bytes())
            && file.ownership().mode().equals(MODE);
    if (!asRendered) {
      fields.put(CONTENT, "edited");
    }
    return fields;
  }

  private static Holding holding(String environment, Optional<OwnedFile> record) {
    if (record.isEmpty()) {
      return new Holding.Foreign("a file that somebody else wrote", Holding.Adoption.FORBIDDEN);
    }
    String owner = record.get().owners().get(CONTENT);
    return environment.equals(owner)
        ? new Holding.Ours()
        : new Holding.Elsewhere("environment " + owner);
  }

  @Override
  public Outcome apply(String environment, Change change, Compiled.Payloads payloads)
      throws IOException {
    HostFile seen = changes.read(PATH).orElse(null);
    OwnedFile record = changes.state().find(PATH).orElse(null);
    requireOurs(environment, seen, record);
    // Where it cannot be told of the change, that is said before there is one.
    Optional<String> _ = crio.process();
    SortedMap<String, String> fields = next(change, seen);
    if (fields.isEmpty() && record == null) {
      return new Outcome.Unchanged("nothing of it is ours");
    }
    if (!fields.isEmpty()) {
      DropInDocument document = document(fields);
      requireSound(document.content());
      write(environment, change.id(), seen, record, document.content());
    } else if (seen != null) {
      // An empty file in between, so that CRI-O is told before the record of it is gone.
      write(environment, change.id(), seen, record, new DropInDocument(List.of(), null).content());
    }
    if (!crio.reload()) {
      return takeBack(environment, change.id(), seen, record);
    }
    settle(environment, change.id(), fields.isEmpty());
    return new Outcome.Applied();
  }

  private static void requireOurs(
      String environment, @Nullable HostFile seen, @Nullable OwnedFile record)
      throws HostFileException {
    if (record == null && seen != null) {
      throw HostFileException.conflict(
          PATH + ": somebody else wrote it. Remove it to hand its place over.");
    }
    if (record != null && !record.owners().containsValue(environment)) {
      throw HostFileException.conflict(PATH + ": it belongs to another environment.");
    }
  }

  // What was edited beside the fields goes with the file's being rendered anew.
  private static SortedMap<String, String> next(Change change, @Nullable HostFile seen) {
    var fields = new TreeMap<String, String>();
    if (seen != null) {
      fields.putAll(observed(seen));
    }
    switch (change) {
      case Change.Create create -> {
        fields.clear();
        create.fields().forEach((name, value) -> fields.put(name, value.toString()));
      }
      case Change.Prune _ -> fields.clear();
      case Change.Update update ->
          update
              .fields()
              .forEach(
                  (name, what) -> {
                    switch (what) {
                      case FieldChange.Added(FieldValue after) ->
                          fields.put(name, after.toString());
                      case FieldChange.Replaced(_, FieldValue after) ->
                          fields.put(name, after.toString());
                      case FieldChange.Dropped _ -> fields.remove(name);
                    }
                  });
    }
    fields.remove(CONTENT);
    return fields;
  }

  private static DropInDocument document(SortedMap<String, String> fields)
      throws HostFileException {
    DropInDocument document;
    try {
      document = DropInDocument.ofFields(fields);
    } catch (IllegalArgumentException e) {
      throw HostFileException.unsafe(PATH + ": " + e.getMessage() + ".");
    }
    if (!DropInDocument.read(document.content()).equals(Optional.of(document))) {
      throw HostFileException.unsafe(PATH + ": what is declared cannot be written in this format.");
    }
    return document;
  }

  // One broken drop-in stops every pull of the machine.
  private void requireSound(FileContent content) throws IOException {
    Optional<Trials.Program> program = trials.able(new Question(OPEN, null, TRIED));
    if (program.isPresent()
        && program.get().judge(new Question(OPEN, content, TRIED)) != Verdict.ACCEPTED) {
      throw HostFileException.unsafe(
          PATH + ": podman would not accept the new drop-in, so it was not written.");
    }
  }

  private void write(
      String environment,
      ResourceId id,
      @Nullable HostFile seen,
      @Nullable OwnedFile record,
      FileContent content)
      throws IOException {
    changes.write(
        new FileChanges.Write(PATH, seen, content, Ownership.ofMode(MODE), DIRECTORIES),
        record(environment, id, record, true));
  }

  private static OwnedFile record(
      String environment, ResourceId id, @Nullable OwnedFile record, boolean reload) {
    var owners = new TreeMap<String, String>();
    owners.put(CONTENT, environment);
    if (reload) {
      owners.put(RELOAD, environment);
    }
    return new OwnedFile(id, owners, MODE, record == null ? Set.of() : record.digests(), null);
  }

  private void settle(String environment, ResourceId id, boolean removed) throws IOException {
    HostFile now = changes.read(PATH).orElse(null);
    if (removed) {
      changes.restore(PATH, now, null);
    } else {
      OwnedFile record = changes.state().find(PATH).orElse(null);
      changes.record(PATH, record(environment, id, record, false));
    }
  }

  private Outcome takeBack(
      String environment, ResourceId id, @Nullable HostFile seen, @Nullable OwnedFile record)
      throws IOException {
    HostFile now = changes.read(PATH).orElse(null);
    if (record == null || seen == null) {
      changes.restore(PATH, now, null);
    } else {
      write(environment, id, now, record, seen.content());
    }
    boolean _ = crio.reload();
    return new Outcome.Failed(
        FailureReason.NotEffective,
        PATH + ": CRI-O did not take the registries up, so they were taken back. Its log says why.",
        null);
  }
}
