package dev.tidewaiter.registry.oci;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Asks a token server, whose address a registry named and the law allows.
///
/// Source: [token authentication](https://distribution.github.io/distribution/spec/auth/token/).
final class TokenServer {
  /// What may follow `Bearer` ([RFC 6750,
  /// 2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1)).
  private static final Pattern B64TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

  /// Whom a token is for if it is for nobody: by the specification above, and
  /// [Quay](https://github.com/quay/quay/blob/master/util/security/registry_jwt.py).
  private static final Set<String> NOBODY = Set.of("", "(anonymous)");

  private final Wire wire;

  TokenServer(Wire wire) {
    this.wire = wire;
  }

  sealed interface Answer {
    /// @param authorization to present to the registry
    record Granted(Secret authorization) implements Answer {}

    record Refused(int status) implements Answer {}

    /// All else, in words.
    record Useless(String what) implements Answer {}
  }

  /// User name and password in HTTP's Basic scheme.
  static Secret basic(Credential credential) {
    String pair = credential.username().reveal() + ":" + credential.password().reveal();
    byte[] bytes = pair.getBytes(StandardCharsets.UTF_8);
    return Secret.of("Basic " + Base64.getEncoder().encodeToString(bytes));
  }

  /// @param credential null to ask as anybody
  /// @param scope empty to ask for a proof of the credential alone, as `docker login` does
  Answer ask(Challenge.Bearer challenge, @Nullable Credential credential, String scope)
      throws IOException {
    Reply reply =
        wire.get(address(challenge, scope), credential == null ? null : basic(credential));
    if (reply.elsewhere()) {
      return new Answer.Useless("redirects to another host");
    }
    if (reply.isNoToken()) {
      return new Answer.Refused(reply.status());
    }
    Optional<String> text = reply.status() == 200 ? token(reply) : Optional.empty();
    if (text.isEmpty()) {
      return new Answer.Useless("answered " + reply.status() + " without a token");
    }
    // Some give one to everybody, also for a wrong password.
    return credential != null && isNobodys(text.get())
        ? new Answer.Useless("gave a token for nobody, which proves nothing")
        : new Answer.Granted(Secret.of("Bearer " + text.get()));
  }

  private static URI address(Challenge.Bearer challenge, String scope) {
    String realm = challenge.realm().toString().replaceFirst("#.*", "");
    String query =
        Stream.of(parameter("service", challenge.service()), parameter("scope", scope))
            .filter(part -> !part.isEmpty())
            .reduce((one, other) -> one + "&" + other)
            .orElse("");
    if (query.isEmpty()) {
      return URI.create(realm);
    }
    return URI.create(realm + (realm.contains("?") ? "&" : "?") + query);
  }

  private static String parameter(String name, String value) {
    return value.isEmpty() ? "" : name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private static Optional<String> token(Reply reply) {
    return reply.json().stream()
        .flatMap(json -> Stream.of(json.path("token"), json.path("access_token")))
        .filter(JsonNode::isString)
        .map(JsonNode::asString)
        .filter(text -> B64TOKEN.matcher(text).matches())
        .findFirst();
  }

  private static boolean isNobodys(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 3) {
      return false;
    }
    try {
      JsonNode subject =
          JsonMapper.shared().readTree(Base64.getUrlDecoder().decode(parts[1])).path("sub");
      return subject.isString() && NOBODY.contains(subject.asString());
    } catch (JacksonException | IllegalArgumentException _) {
      return false;
    }
  }
}
