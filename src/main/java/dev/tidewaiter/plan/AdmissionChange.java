package dev.tidewaiter.plan;

import dev.tidewaiter.model.ResourceKind;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What a change of what denies means for access: an admission policy, a binding of one, or a
/// denial on a host. The fields are those that `desired.PolicyObject` and `desired.RegistryHost`
/// describe.
final class AdmissionChange {
  private static final String ENTRY = "allow/";
  private static final String LIMITED = "limited";

  /// What a `hosts.toml` has that refuses, and what it has that somebody edited.
  private static final Set<String> REFUSING = Set.of("denied", "content");

  private AdmissionChange() {}

  /// Whether it adds entries to an allow-list that exists, or drops some of one that stays.
  static boolean isOfEntries(Change change) {
    return change instanceof Change.Update(var id, var fields, _)
        && id.kind() == ResourceKind.ALLOW_POLICY
        && fields.keySet().stream().allMatch(field -> field.startsWith(ENTRY));
  }

  /// A change, with the entries of an allow-list apart from the rest: they have their own place in
  /// the order. Where the list begins or ends to be one, everything belongs together.
  static List<Change> parts(Change change) {
    if (change instanceof Change.Update update
        && update.id().kind() == ResourceKind.ALLOW_POLICY
        && !update.adopts()
        && !update.fields().containsKey(LIMITED)) {
      return Stream.<Change.Update>of(
              part(update, field -> field.startsWith(ENTRY)),
              part(update, field -> !field.startsWith(ENTRY)))
          .filter(part -> !part.fields().isEmpty())
          .<Change>map(part -> part)
          .toList();
    }
    return List.of(change);
  }

  private static Change.Update part(Change.Update update, Predicate<String> belongs) {
    var fields = new TreeMap<>(update.fields());
    fields.keySet().removeIf(belongs.negate());
    return new Change.Update(update.id(), fields, false);
  }

  /// Whether a withdrawal takes no access away: it takes back a denial, an exemption, or what
  /// somebody wrote into an object of ours.
  static boolean takesNoAccess(Change withdrawal) {
    return switch (withdrawal.id().kind()) {
      case ALLOW_BINDING -> true;
      case ALLOW_POLICY ->
          drops(withdrawal, LIMITED) || !dropsAny(withdrawal, field -> field.startsWith(ENTRY));
      case DEFAULT_POLICY ->
          !(withdrawal instanceof Change.Prune)
              && !dropsAny(
                  withdrawal, field -> field.equals("default") || field.startsWith("secret/"));
      case DEFAULT_BINDING -> !(withdrawal instanceof Change.Prune);
      case DENIAL -> true;
      case SIGNATURE_POLICY ->
          drops(withdrawal, "default") || !dropsAny(withdrawal, field -> field.startsWith(ENTRY));
      case REGISTRY_HOST ->
          withdrawal instanceof Change.Prune(_, boolean opens)
              ? opens
              : !dropsAny(withdrawal, field -> !REFUSING.contains(field));
      case PULL_SECRET,
          SERVICE_ACCOUNT,
          RUNTIME_SETTINGS,
          CERTIFICATE_FILE,
          TRUSTED_CERTIFICATE,
          INSECURE_REGISTRIES,
          REGISTRY_MIRRORS,
          USER_CREDENTIALS,
          NODE_CREDENTIALS,
          REGISTRIES_DROP_IN ->
          false;
    };
  }

  private static boolean drops(Change change, String field) {
    return dropsAny(change, field::equals);
  }

  private static boolean dropsAny(Change change, Predicate<String> field) {
    return change instanceof Change.Update(_, var fields, _)
        && fields.keySet().stream().anyMatch(field);
  }
}
