package dev.tidewaiter.reconcile;

import dev.tidewaiter.config.Registry;
import dev.tidewaiter.desired.RegistryMaterial;
import dev.tidewaiter.desired.RegistryMaterial.Text;
import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.CredentialSource;
import dev.tidewaiter.model.Issuance;
import dev.tidewaiter.model.Minted;
import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.registry.Pem;
import dev.tidewaiter.registry.RegistrySituation;
import dev.tidewaiter.registry.TokenState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The one place that turns how it stands with a registry into its report and its conditions.
final class RegistryReporting {
  private static final Duration CERTIFICATES_AHEAD = Duration.ofDays(30);

  private final Registry registry;
  private final RegistrySituation situation;
  private final RegistryMaterial material;
  private final Instant now;
  private final List<Condition> conditions = new ArrayList<>();

  private RegistryReporting(
      Registry registry, RegistrySituation situation, RegistryMaterial material, Instant now) {
    this.registry = registry;
    this.situation = situation;
    this.material = material;
    this.now = now;
  }

  static RegistryReport of(
      Registry registry, RegistrySituation situation, RegistryMaterial material, Instant now) {
    return new RegistryReporting(registry, situation, material, now).report();
  }

  private RegistryReport report() {
    ofProof();
    ofToken();
    ofEnd();
    situation.missing().forEach((image, said) -> add(Reason.ImageMissing, image + ": " + said));
    ofCertificate("tls.ca", material.ca());
    ofCertificate("tls.clientCertificate", material.clientCertificate());
    conditions.sort(Comparator.comparing(Condition::reason));
    TokenState token = situation.token();
    Issuance issuance = issuance();
    return new RegistryReport(
        registry.name(),
        registry.address(),
        provider(registry.credential()),
        token == null ? issuance == null ? null : issuance.identity() : token.identity(),
        situation.proof(),
        issuance == null ? null : issuance.expiresAt(),
        refreshAt(token, issuance),
        lastFailure(token),
        conditions);
  }

  private void ofProof() {
    switch (situation.proof()) {
      case REFUSED -> add(Reason.CredentialRejected, rejected());
      case UNVERIFIED ->
          add(
              Reason.CredentialUnverified,
              "its credential is in use though not proven: " + situation.detail());
      case WAITING -> {
        if (!situation.promoted()) {
          add(Reason.CredentialUnverified, waiting());
        }
      }
      case UNKNOWN -> {
        // Else the plan says so, place by place.
        if (situation.delivered() instanceof Minted.Ready && situation.token() == null) {
          add(Reason.CredentialWithheld, situation.detail() + " (the one before serves)");
        }
      }
      case VERIFIED, UNASKED, ANONYMOUS -> {}
    }
  }

  private String rejected() {
    String which = references().isEmpty() ? "" : " of " + references();
    String then;
    if (situation.promoted()) {
      then = "it is in use, because it was promoted when the registry could not be asked";
    } else if (situation.delivered() instanceof Minted.Ready) {
      then = "the one before serves";
    } else {
      then = "what was delivered before stays";
    }
    return "its credential" + which + " is refused: " + situation.detail() + "; " + then;
  }

  private String waiting() {
    Instant until = situation.waitsUntil();
    String then =
        situation.delivered() instanceof Minted.Ready
            ? "the one before serves"
            : "what was delivered before stays";
    return "its new credential waits"
        + (until == null ? "" : " until " + until + " at most")
        + ": "
        + situation.detail()
        + "; "
        + then;
  }

  private void ofToken() {
    TokenState token = situation.token();
    if (token != null && token.failure() != null && situation.delivered() instanceof Minted.Ready) {
      add(Reason.MintFailed, token.identity() + ": no new token " + token.failure());
    }
  }

  private void ofEnd() {
    Issuance issuance = issuance();
    if (issuance == null) {
      return;
    }
    Instant late = issuance.expiresAt().minus(issuance.life().dividedBy(4));
    if (!now.isBefore(late)) {
      add(
          Reason.CredentialExpiring,
          "its credential ends at " + issuance.expiresAt() + ", and there is no new one yet");
    }
  }

  private void ofCertificate(String field, @Nullable Text text) {
    if (text instanceof Text.Known(var pem)) {
      Optional<Instant> end = Pem.earliestEnd(pem);
      if (end.isPresent() && end.get().isBefore(now.plus(CERTIFICATES_AHEAD))) {
        add(Reason.CertificateExpiring, field + ": a certificate ends at " + end.get());
      }
    }
  }

  private @Nullable Issuance issuance() {
    return situation.delivered() instanceof Minted.Ready(Credential credential)
        ? credential.issuance()
        : null;
  }

  // A lease is renewed, or read anew, from half of its life on.
  private @Nullable Instant refreshAt(@Nullable TokenState token, @Nullable Issuance issuance) {
    if (token != null) {
      return token.refreshAt();
    }
    return issuance == null || issuance.halfLife().isBefore(now) ? null : issuance.halfLife();
  }

  private @Nullable String lastFailure(@Nullable TokenState token) {
    if (token != null && token.failure() != null) {
      return token.failure().toString();
    }
    return situation.detail().isEmpty() ? null : situation.detail();
  }

  private String references() {
    return registry.credential().references().values().stream()
        .distinct()
        .map(SecretReference::toString)
        .collect(Collectors.joining(", "));
  }

  private static String provider(CredentialSource source) {
    return switch (source) {
      case CredentialSource.Basic _ -> "basic";
      case CredentialSource.Anonymous _ -> "anonymous";
      case CredentialSource.Ecr _ -> "ecr";
      case CredentialSource.GoogleKey _ -> "googleKey";
      case CredentialSource.GoogleToken _ -> "googleToken";
    };
  }

  private void add(Reason reason, String message) {
    conditions.add(
        new Condition(
            reason,
            "registry %s (%s): %s".formatted(registry.name(), registry.address(), message)));
  }
}
