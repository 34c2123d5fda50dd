package dev.tidewaiter.target.host.containers;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.Holding;
import dev.tidewaiter.plan.ObservedField;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.host.Edit;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostFile;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.ManagedFiles;
import dev.tidewaiter.target.host.OwnedFile;
import dev.tidewaiter.target.host.Ownership;
import dev.tidewaiter.target.host.SharedFile;
import dev.tidewaiter.target.host.containers.PolicyDocument.Default;
import dev.tidewaiter.target.host.containers.Trials.Question;
import dev.tidewaiter.target.host.containers.Trials.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The allow-list in `/etc/containers/policy.json`: a default of `reject`, and a scope for each
/// entry. It fails closed, also when it is malformed; so nothing is put in place that a program of
/// the host did not accept before, where one is there.
///
/// Nothing is reloaded: podman reads it at every start, CRI-O at every pull.
final class SignaturePolicy implements ManagedFiles {
  static final HostPath PATH = new HostPath("etc/containers/policy.json");

  private static final HostPath PACKAGED = new HostPath("usr/share/containers/policy.json");
  private static final Ownership NEW_FILE = Ownership.ofMode("0644");
  private static final Ownership NEW_DIRECTORY = Ownership.ofMode("0755");
  private static final String DENIED = "tidewaiter-denied.invalid";
  private static final FileContent OPEN =
      FileContent.of(
          "{\"default\":[{\"type\":\"insecureAcceptAnything\"}]}".getBytes(StandardCharsets.UTF_8));

  /// Of a long list, so many entries are tried: they differ in nothing but their text.
  private static final int TRIED = 3;

  private final FileChanges changes;
  private final Trials trials;
  private final NeededImages needed;

  SignaturePolicy(FileChanges changes, Trials trials, NeededImages needed) {
    this.changes = changes;
    this.trials = trials;
    this.needed = needed;
  }

  @Override
  public Optional<ObservedResource> observe(String environment, ResourceId id) throws IOException {
    var fields = new TreeMap<String, ObservedField>();
    Set<String> ours =
        changes.state().find(PATH).map(r -> r.fieldsOf(environment)).orElse(Set.of());
    String missing = "absent";
    try {
      fields.putAll(PolicyFile.read(changes, PATH).fields(ours));
    } catch (HostFileException _) {
      // Told when the change that follows from this is applied.
      missing = "unreadable";
    }
    for (String field : ours) {
      if (field.equals(PolicyFile.DEFAULT) || field.startsWith(PolicyFile.ALLOW)) {
        fields.putIfAbsent(field, new ObservedField(new FieldValue.Plain(missing), true));
      }
    }
    return fields.isEmpty()
        ? Optional.empty()
        : Optional.of(new ObservedResource(id, new Holding.Shared(), fields));
  }

  @Override
  public Outcome apply(String environment, Change change, Compiled.Payloads payloads)
      throws IOException {
    PolicyFile policy = PolicyFile.read(changes, PATH);
    OwnedFile record = policy.file().record();
    Set<String> owned = record == null ? Set.of() : record.fieldsOf(environment);
    Edit edit = Edit.of(change, owned);
    if (edit.set().isEmpty() && edit.dropped().isEmpty()) {
      return new Outcome.Unchanged("nothing of it is ours");
    }
    requireNoneInUse(policy);
    PolicyFile.Next next = policy.edited(environment, edit);
    if (next.owners().isEmpty()) {
      changes.restore(PATH, policy.file().seen(), policy.before());
      return new Outcome.Applied();
    }
    if (next.document().fallback() == Default.NONE) {
      throw HostFileException.unsafe(
          PATH
              + ": there is no policy, and what is declared has no default, so nothing is written.");
    }
    if (narrows(edit, policy.document(), next.document())) {
      requireNeeded(policy.document(), next.document());
    }
    Optional<Trials.Program> program = trials.able(new Question(present(policy), null, DENIED));
    if (program.isPresent()) {
      requireSound(program.get(), next);
    }
    write(change.id(), policy, next.document().content(), next.owners());
    if (program.isPresent() && !isInForce(program.get(), next)) {
      putBack(change.id(), policy);
      return new Outcome.Failed(
          FailureReason.NotEffective,
          PATH + ": a trial did not show the denial, so it was taken back.",
          null);
    }
    return new Outcome.Applied();
  }

  // Newer packages bring a policy that counts as long as `/etc` has none.
  private void requireNoneInUse(PolicyFile policy) throws IOException {
    SharedFile file = policy.file();
    if (file.seen() == null && file.record() == null && changes.files().exists(PACKAGED)) {
      throw HostFileException.unsafe(
          PATH + ": " + PACKAGED + " is the policy now. Copy it to " + PATH + ", to be extended.");
    }
  }

  private static FileContent present(PolicyFile policy) {
    HostFile seen = policy.file().seen();
    return seen == null ? OPEN : seen.content();
  }

  // What only admits more cuts nothing off, also where nobody can tell what the machine needs.
  private static boolean narrows(Edit edit, PolicyDocument before, PolicyDocument after) {
    return (before.fallback() != Default.REJECT && after.fallback() == Default.REJECT)
        || edit.dropped().stream().anyMatch(field -> field.startsWith(PolicyFile.ALLOW));
  }

  private void requireNeeded(PolicyDocument before, PolicyDocument after) throws IOException {
    List<String> cutOff =
        needed.repositories().stream()
            .filter(image -> before.admits(image) && !after.admits(image))
            .toList();
    if (!cutOff.isEmpty()) {
      throw HostFileException.unsafe(
          PATH
              + ": the allow-list would cut off what this machine itself needs: "
              + String.join(", ", cutOff)
              + ". Add it to the list.");
    }
  }

  private static void requireSound(Trials.Program program, PolicyFile.Next next)
      throws IOException {
    FileContent content = next.document().content();
    if (program.judge(new Question(content, null, DENIED)) == Verdict.BROKEN) {
      throw HostFileException.unsafe(
          PATH + ": podman would not accept the new policy, so it was not written.");
    }
    for (String scope : accepted(next)) {
      if (program.judge(new Question(content, null, scope)) == Verdict.REJECTED) {
        throw HostFileException.unsafe(
            PATH + ": the new policy would not admit " + scope + ", so it was not written.");
      }
    }
  }

  // Somebody else's scope beneath one of ours may ask for more; what is tried is beneath none.
  private static List<String> accepted(PolicyFile.Next next) {
    return next.owners().keySet().stream()
        .filter(field -> field.startsWith(PolicyFile.ALLOW))
        .map(SharedFile::nameOf)
        .limit(TRIED)
        .toList();
  }

  // A scope of somebody else for all registries keeps the default from showing; that is reported by
  // the proof and no failure of ours.
  private static boolean isInForce(Trials.Program program, PolicyFile.Next next)
      throws IOException {
    boolean denies = !next.document().admits(DENIED + "/any");
    return !denies || program.judge(new Question(null, null, DENIED)) == Verdict.REJECTED;
  }

  private void write(
      ResourceId id, PolicyFile policy, FileContent content, SortedMap<String, String> owners)
      throws IOException {
    SharedFile file = policy.file();
    HostFile seen = file.seen();
    Ownership ownership = seen == null ? NEW_FILE : seen.ownership();
    Set<String> digests = file.record() == null ? Set.of() : file.record().digests();
    changes.write(
        new FileChanges.Write(PATH, seen, content, ownership, NEW_DIRECTORY),
        new OwnedFile(id, owners, ownership.mode(), new TreeSet<>(digests), policy.before()));
  }

  private void putBack(ResourceId id, PolicyFile before) throws IOException {
    PolicyFile now = PolicyFile.read(changes, PATH);
    OwnedFile record = before.file().record();
    @Nullable HostFile first = before.file().seen();
    if (record == null) {
      changes.restore(PATH, now.file().seen(), first == null ? null : first.content());
    } else if (first != null) {
      write(id, now, first.content(), record.owners());
    }
  }
}
