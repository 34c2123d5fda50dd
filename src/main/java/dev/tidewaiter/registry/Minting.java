package dev.tidewaiter.registry;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.CredentialSource;
import dev.tidewaiter.model.Minted;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.model.TextSource;
import dev.tidewaiter.secrets.SecretLookup;
import java.util.Map;
import java.util.Set;

/// Makes the credential of a registry out of what the secret stores say. Pure.
///
/// A password is kept to the byte: even a line break at its end, which is mostly a mistake, could
/// be meant. What no client could present is withheld as malformed rather than written: an empty
/// password, and a user name with a colon, which ends it in HTTP's Basic scheme ([RFC 7617,
/// 2](https://www.rfc-editor.org/rfc/rfc7617#section-2)), or with control characters.
public final class Minting {
  private Minting() {}

  /// The references that must be resolved first.
  public static Set<SecretReference> references(CredentialSource source) {
    return Set.copyOf(source.references().values());
  }

  /// @param lookups of at least the source's [#references]
  public static Minted mint(CredentialSource source, Map<SecretReference, SecretLookup> lookups) {
    return switch (source) {
      case CredentialSource.Anonymous _ -> new Minted.None();
      case CredentialSource.Basic basic -> basic(basic, lookups);
      case CredentialSource.Ecr _, CredentialSource.GoogleKey _, CredentialSource.GoogleToken _ ->
          throw new IllegalArgumentException("not in this release: the schema refuses it");
    };
  }

  private static Minted basic(
      CredentialSource.Basic basic, Map<SecretReference, SecretLookup> lookups) {
    Part username =
        switch (basic.username()) {
          case TextSource.Inline(String text) -> username("`username`", Secret.of(text));
          case TextSource.Referenced(SecretReference reference) ->
              part(reference, lookups) instanceof Part.Known(Secret text)
                  ? username(reference.toString(), text)
                  : part(reference, lookups);
        };
    Part password =
        part(basic.password(), lookups) instanceof Part.Known(Secret text)
            ? password(basic.password().toString(), text)
            : part(basic.password(), lookups);
    return switch (username) {
      case Part.Unknown(Minted.Withheld withheld) -> withheld;
      case Part.Known(Secret name) ->
          switch (password) {
            case Part.Unknown(Minted.Withheld withheld) -> withheld;
            case Part.Known(Secret word) ->
                new Minted.Ready(new Credential(name, word, basic.email(), null));
          };
    };
  }

  /// A user name or a password.
  private sealed interface Part {
    record Known(Secret text) implements Part {}

    record Unknown(Minted.Withheld withheld) implements Part {}
  }

  private static Part part(SecretReference reference, Map<SecretReference, SecretLookup> lookups) {
    return switch (lookups.get(reference)) {
      case SecretLookup.Found found -> new Part.Known(found.secret());
      case SecretLookup.Absent(String reason) -> unknown(Minted.Cause.ABSENT, reason);
      case SecretLookup.Denied(String reason) -> unknown(Minted.Cause.DENIED, reason);
      case SecretLookup.Unavailable(String reason) -> unknown(Minted.Cause.UNAVAILABLE, reason);
      case null -> unknown(Minted.Cause.UNAVAILABLE, reference + ": not resolved yet.");
    };
  }

  private static Part username(String place, Secret name) {
    if (name.isEmpty()) {
      return malformed(place, "the user name is empty.");
    }
    if (name.reveal().contains(":")) {
      return malformed(place, "the user name contains a colon, which no registry client can send.");
    }
    return hasControlCharacter(name)
        ? malformed(place, "the user name contains a line break or another control character.")
        : new Part.Known(name);
  }

  private static Part password(String place, Secret word) {
    return word.isEmpty() ? malformed(place, "the password is empty.") : new Part.Known(word);
  }

  private static boolean hasControlCharacter(Secret text) {
    return text.reveal().chars().anyMatch(c -> c < ' ' || c == 0x7f);
  }

  private static Part malformed(String place, String what) {
    return unknown(Minted.Cause.MALFORMED, place + ": " + what);
  }

  private static Part unknown(Minted.Cause cause, String reason) {
    return new Part.Unknown(new Minted.Withheld(cause, reason));
  }
}
