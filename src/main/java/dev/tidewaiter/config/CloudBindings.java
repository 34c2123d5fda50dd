package dev.tidewaiter.config;

import dev.tidewaiter.model.CredentialSource;
import dev.tidewaiter.model.EcrAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedSet;
import java.util.TreeSet;

/// What declarations may do in a cloud as this daemon.
///
/// Keys that a declaration refers to are its own, so they are bound by the secrets' paths alone.
/// Bound here is what the daemon adds: its own identity, by the accounts and addresses that it may
/// serve; and the roles that it assumes, also with a declaration's keys, because a role may trust
/// whoever comes from the daemon's network.
final class CloudBindings {
  private static final String PUBLIC = "public.ecr.aws";

  private final DaemonConfiguration.Aws aws;
  private final DaemonConfiguration.Google google;

  CloudBindings(DaemonConfiguration.Aws aws, DaemonConfiguration.Google google) {
    this.aws = aws;
    this.google = google;
  }

  /// Empty if the credential of a registry may come about as it declares.
  List<Refusal> refusals(Registry registry) {
    return switch (registry.credential()) {
      case CredentialSource.Ecr ecr -> ecr(registry, ecr);
      case CredentialSource.GoogleToken token when token.key() == null -> googleToken(registry);
      case CredentialSource.GoogleToken _,
          CredentialSource.GoogleKey _,
          CredentialSource.Basic _,
          CredentialSource.Anonymous _ ->
          List.of();
    };
  }

  private List<Refusal> ecr(Registry registry, CredentialSource.Ecr ecr) {
    List<Refusal> refusals = new ArrayList<>();
    CredentialSource.AwsRole role = ecr.role();
    if (role != null && !aws.allowedRoles().contains(role.arn())) {
      refusals.add(
          new Refusal(
              "spec.credential.ecr.roleArn",
              "is a role that this daemon may not assume",
              "Have it added to `aws.allowedRoles` of the daemon, exactly as it is written here."));
    }
    if (ecr.keys() == null) {
      accounts(registry, ecr).stream()
          .filter(account -> !aws.ambientIdentity().contains(account))
          .forEach(account -> refusals.add(ownIdentity("ecr", account, "keys", "aws")));
    }
    return refusals;
  }

  /// Whose registries the daemon's own identity would be used for: the account of the address,
  /// which gets the token, and the one that the token is for.
  private static SequencedSet<String> accounts(Registry registry, CredentialSource.Ecr ecr) {
    var accounts = new TreeSet<String>();
    // An address of another form cannot be listed, so it is refused.
    accounts.add(
        EcrAddress.isPublic(registry.address())
            ? PUBLIC
            : EcrAddress.of(registry.address())
                .map(EcrAddress::account)
                .orElse(registry.address().text()));
    if (ecr.registryId() != null) {
      accounts.add(ecr.registryId());
    }
    return accounts;
  }

  private List<Refusal> googleToken(Registry registry) {
    return google.ambientIdentity().contains(registry.address())
        ? List.of()
        : List.of(ownIdentity("googleToken", registry.address().text(), "a `key`", "google"));
  }

  private static Refusal ownIdentity(String form, String whose, String instead, String part) {
    return new Refusal(
        "spec.credential." + form,
        "uses this daemon's own identity for `%s`, which `%s.ambientIdentity` does not list"
            .formatted(whose, part),
        "Give it %s of its own, or have `%s` added to `%s.ambientIdentity` of the daemon."
            .formatted(instead, whose, part));
  }
}
