package dev.tidewaiter.registry.oci;

import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hc.client5.http.auth.AuthChallenge;
import org.apache.hc.client5.http.auth.ChallengeType;
import org.apache.hc.client5.http.impl.auth.AuthChallengeParser;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.ParseException;
import org.apache.hc.core5.http.message.ParserCursor;

/// How a registry wants a credential presented ([RFC 9110,
/// 11.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1)).
sealed interface Challenge {
  /// User name and password, to the registry itself.
  record Basic() implements Challenge {}

  /// A token, which the token server gives for user name and password.
  ///
  /// @param realm the token server's address
  /// @param service empty if none is named
  record Bearer(URI realm, String service) implements Challenge {}

  /// The one to answer of all that a registry offers: containerd's order, Bearer before Basic.
  /// Empty if there is none that we know.
  ///
  /// @param headers the values of `WWW-Authenticate`, each with one challenge or several
  static Optional<Challenge> best(List<String> headers) {
    return headers.stream()
        .flatMap(Challenge::parsed)
        .flatMap(Challenge::known)
        .min(Comparator.comparingInt(challenge -> challenge instanceof Bearer ? 0 : 1));
  }

  private static Stream<AuthChallenge> parsed(String header) {
    // The parser stumbles over schemes without parameters before others, as `Negotiate, Basic …`.
    String rest = header.replaceFirst("^\\s*(?:[A-Za-z0-9-]+\\s*,\\s*)+", "");
    try {
      return AuthChallengeParser.INSTANCE
          .parse(ChallengeType.TARGET, rest, new ParserCursor(0, rest.length()))
          .stream();
    } catch (ParseException _) {
      return Stream.empty();
    }
  }

  private static Stream<Challenge> known(AuthChallenge challenge) {
    return switch (challenge.getSchemeName().toLowerCase(Locale.ROOT)) {
      case "basic" -> Stream.of(new Basic());
      case "bearer" ->
          address(parameter(challenge, "realm")).stream()
              .map(realm -> new Bearer(realm, parameter(challenge, "service")));
      default -> Stream.empty();
    };
  }

  private static Optional<URI> address(String realm) {
    try {
      URI uri = URI.create(realm);
      return Origin.of(uri).map(_ -> uri);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static String parameter(AuthChallenge challenge, String name) {
    List<NameValuePair> parameters = challenge.getParams();
    return parameters == null
        ? ""
        : parameters.stream()
            .filter(pair -> pair.getName().equalsIgnoreCase(name) && pair.getValue() != null)
            .map(NameValuePair::getValue)
            .findFirst()
            .orElse("");
  }
}
