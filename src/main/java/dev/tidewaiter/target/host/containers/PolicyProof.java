package dev.tidewaiter.target.host.containers;

import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.policy.HostRules;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.RepositoryPrefix;
import dev.tidewaiter.target.Proof;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.HostUsers;
import dev.tidewaiter.target.host.HostUsers.HostUser;
import dev.tidewaiter.target.host.OwnedFile;
import dev.tidewaiter.target.host.SharedFile;
import dev.tidewaiter.target.host.containers.PolicyDocument.Requirement;
import dev.tidewaiter.target.host.containers.Trials.Question;
import dev.tidewaiter.target.host.containers.Trials.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Shows what podman or skopeo really does under the policy of this machine, and names what others
/// wrote that weakens it.
///
/// Allowed names are tried like denied ones, redirected to a registry on loopback: the policy
/// judges the name that is asked for, not where it leads. So nothing outside of the machine is
/// asked.
final class PolicyProof {
  private static final String DENIED = "tidewaiter-denied.invalid";

  /// Of a long list, so many entries are tried.
  private static final int TRIED = 3;

  private final FileChanges changes;
  private final Trials trials;

  PolicyProof(FileChanges changes, Trials trials) {
    this.changes = changes;
    this.trials = trials;
  }

  Proof prove(Regime regime) throws IOException {
    Optional<OwnedFile> record = changes.state().find(SignaturePolicy.PATH);
    if (record.isEmpty()) {
      return weakened(laterDropIns());
    }
    PolicyDocument policy;
    try {
      policy = PolicyFile.read(changes, SignaturePolicy.PATH).document();
    } catch (HostFileException e) {
      return new Proof.Inconclusive(String.valueOf(e.getMessage()));
    }
    List<String> weak = weaknesses(policy, record.get().owners().keySet(), regime);
    weak.addAll(policiesOfUsers());
    Optional<Trials.Program> program = trials.able(new Question(null, null, DENIED));
    if (program.isEmpty()) {
      weak.addFirst(
          trials.programs().isEmpty()
              ? "neither podman nor skopeo is here to try the policy with; CRI-O reads it at every"
                  + " pull"
              : "podman could not try the policy here");
      return weakened(weak);
    }
    Verdict denied = program.get().judge(new Question(null, null, DENIED));
    if (denied == Verdict.BROKEN) {
      weak.addFirst("podman could not try the policy here");
      return weakened(weak);
    }
    if (denied == Verdict.ACCEPTED && weak.isEmpty()) {
      return new Proof.Refuted("an image of " + DENIED + " was not rejected by policy");
    }
    for (String scope : scopes(record.get())) {
      if (program.get().judge(new Question(null, null, scope)) == Verdict.REJECTED) {
        return new Proof.Refuted("an image of " + scope + ", which is allowed, was rejected");
      }
    }
    return weakened(weak);
  }

  /// What files of others weaken, but for those in homes: each look there may mount one, or wait
  /// for one.
  List<String> weaknesses(Regime regime) throws IOException {
    Optional<OwnedFile> record = changes.state().find(SignaturePolicy.PATH);
    if (record.isEmpty()) {
      return laterDropIns();
    }
    PolicyDocument policy = PolicyFile.read(changes, SignaturePolicy.PATH).document();
    return weaknesses(policy, record.get().owners().keySet(), regime);
  }

  private static List<String> scopes(OwnedFile record) {
    return record.owners().keySet().stream()
        .filter(field -> field.startsWith(PolicyFile.ALLOW))
        .map(SharedFile::nameOf)
        .limit(TRIED)
        .toList();
  }

  private static Proof weakened(List<String> weaknesses) {
    return weaknesses.isEmpty()
        ? new Proof.Proven()
        : new Proof.Inconclusive(String.join("; ", weaknesses));
  }

  private List<String> weaknesses(PolicyDocument policy, Set<String> ours, Regime regime)
      throws IOException {
    var found = new ArrayList<String>();
    List<RepositoryPrefix> allowed = HostRules.of(regime, true).entries();
    for (String transport : List.of(PolicyDocument.REGISTRIES, "atomic")) {
      policy
          .scopes(transport)
          .forEach(
              (scope, requirement) -> {
                boolean rejects = requirement == Requirement.REJECTED;
                boolean own = ours.contains(PolicyFile.ALLOW + scope);
                if (!own && isListed(scope, allowed) == rejects) {
                  found.add(rejects ? rejection(scope) : admission(transport, scope));
                }
              });
    }
    for (String file : CrioSettings.read(changes.files()).namespaces(changes.files())) {
      found.add(file + ": CRI-O reads it instead for that namespace; remove it");
    }
    found.addAll(laterDropIns());
    return found;
  }

  private List<String> policiesOfUsers() throws IOException {
    var found = new ArrayList<String>();
    for (HostUser user : HostUsers.load(changes.files()).values()) {
      HostPath own = changes.files().resolve(user.home()).child(".config").child("containers");
      if (changes.files().exists(own.child("policy.json"))) {
        found.add(
            own.child("policy.json")
                + ": podman of "
                + user.name()
                + " reads it instead; remove it");
      }
    }
    return found;
  }

  private static String rejection(String scope) {
    return SignaturePolicy.PATH
        + ": a scope that somebody else made rejects "
        + scope
        + ", which is on the allow-list; remove it";
  }

  private static String admission(String transport, String scope) {
    String what = scope.isEmpty() ? "every registry" : scope;
    return SignaturePolicy.PATH
        + ": a scope of `"
        + transport
        + "` that somebody else made admits "
        + what
        + "; remove it, or put it on the allow-list";
  }

  private static boolean isListed(String scope, List<RepositoryPrefix> allowed) {
    if (RepositoryPrefix.mistakeIn(scope).isPresent()) {
      return false;
    }
    RepositoryPrefix prefix = RepositoryPrefix.parse(scope);
    return allowed.stream().anyMatch(entry -> entry.covers(prefix));
  }

  /// Drop-ins behind ours that set the same prefix, which replaces it.
  private List<String> laterDropIns() throws IOException {
    var found = new ArrayList<String>();
    Optional<DropInDocument> ours = document(RegistriesDropIn.PATH);
    if (ours.isEmpty() || changes.state().find(RegistriesDropIn.PATH).isEmpty()) {
      return found;
    }
    for (String name : changes.files().names(RegistriesDropIn.DIRECTORY)) {
      HostPath path = RegistriesDropIn.DIRECTORY.child(name);
      if (name.endsWith(".conf") && path.compareTo(RegistriesDropIn.PATH) > 0) {
        document(path).ifPresent(later -> found.addAll(replaced(path, later, ours.get())));
      }
    }
    return found;
  }

  private static List<String> replaced(HostPath path, DropInDocument later, DropInDocument ours) {
    var found = new ArrayList<String>();
    for (String prefix : later.prefixes()) {
      if (ours.prefixes().contains(prefix)) {
        found.add(path + ": it comes after ours and replaces " + prefix + "; remove that");
      }
    }
    if (ours.unqualified() != null && later.unqualified() != null) {
      found.add(path + ": it comes after ours and replaces where short names are looked for");
    }
    return found;
  }

  private Optional<DropInDocument> document(HostPath path) throws IOException {
    Optional<FileContent> content = changes.read(path).map(file -> file.content());
    return content.flatMap(DropInDocument::read);
  }
}
