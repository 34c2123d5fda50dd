package dev.tidewaiter.plan;

import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The line of a change for people: the resource, and what its fields do not say.
///
/// @param text without the mark of the operation
/// @param saysAll whether the fields add nothing to it
record ChangeTitle(String text, boolean saysAll) {
  private static final int SHOWN = 8;
  private static final String DENIED = "denied";
  private static final String DEFAULT = "default";

  static ChangeTitle of(Change change) {
    ResourceKind kind = change.id().kind();
    String subject = subject(change.id());
    return switch (change) {
      case Change.Create(_, var fields) ->
          new ChangeTitle(subject + added(kind, fields.keySet()), isRefusal(kind, fields.keySet()));
      case Change.Update(_, var fields, boolean adopts) ->
          new ChangeTitle(
              subject
                  + (adopts ? " (adopted)" : "")
                  + (change.isWithdrawal()
                      ? dropped(kind, fields.keySet())
                      : added(kind, fields.keySet())),
              false);
      case Change.Prune _ -> new ChangeTitle(subject + dropped(kind, Set.of(DEFAULT)), true);
    };
  }

  /// A file of a host by its path; anything else by its id.
  static String subject(ResourceId id) {
    boolean file = id.kind().isOfHosts() && id.name().contains("/");
    return file ? id.kind().word() + " /" + id.name() : id.toString();
  }

  private static boolean isRefusal(ResourceKind kind, Set<String> fields) {
    return kind == ResourceKind.DENIAL
        || (kind == ResourceKind.REGISTRY_HOST && fields.contains(DENIED));
  }

  private static String added(ResourceKind kind, Set<String> fields) {
    if (kind == ResourceKind.DENIAL && fields.contains(DENIED)) {
      return refusing(fields, "allowed/");
    }
    if (kind == ResourceKind.SIGNATURE_POLICY && fields.contains(DEFAULT)) {
      return refusing(fields, "allow/");
    }
    if (kind == ResourceKind.REGISTRY_HOST && fields.contains(DENIED)) {
      return ": nothing can be pulled from it";
    }
    return kind == ResourceKind.TRUSTED_CERTIFICATE
        ? ": what runs now trusts it when it is started again"
        : "";
  }

  /// @param fields of a prune, the one that matters most
  private static String dropped(ResourceKind kind, Set<String> fields) {
    boolean opens = kind == ResourceKind.DENIAL || kind == ResourceKind.SIGNATURE_POLICY;
    if (opens && (fields.contains(DEFAULT) || fields.contains(DENIED))) {
      return ": no registry is refused any more";
    }
    return kind == ResourceKind.TRUSTED_CERTIFICATE
        ? ": what runs now trusts it until it is started again"
        : "";
  }

  private static String refusing(Set<String> fields, String entry) {
    List<String> allowed =
        fields.stream()
            .filter(field -> field.startsWith(entry))
            .map(field -> field.substring(entry.length()))
            .toList();
    int more = allowed.size() - SHOWN;
    return ": every registry but "
        + allowed.stream().limit(SHOWN).collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "")
        + " is refused";
  }
}
