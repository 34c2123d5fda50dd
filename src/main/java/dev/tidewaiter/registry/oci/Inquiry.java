package dev.tidewaiter.registry.oci;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.registry.RegistryProbe.ProbeAnswer;
import dev.tidewaiter.registry.RegistryProbe.Question;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The conversation about one credential, as `docker login` has it:
///
/// 1. `GET /v2/` as anybody. A registry answers with a challenge, or serves everybody.
/// 2. What the challenge asks for: for Bearer, a token without a scope, since some token servers
///    take a wrong password for nobody's and still give a token for the scope of a public image.
/// 3. `GET /v2/` with what came of it.
///
/// A credential that nobody asks for is shown all the same, since some registries check what they
/// do not require; but never without TLS.
final class Inquiry {
  private static final String HUB_API = "registry-1.docker.io";

  private final Wire wire;
  private final TokenServers law;
  private final Question question;
  private final RegistryAddress address;

  Inquiry(Wire wire, TokenServers law, Question question) {
    this.wire = wire;
    this.law = law;
    this.question = question;
    this.address = question.address();
  }

  /// What came of it: the answer, or the way in.
  sealed interface Outcome {
    record Answered(ProbeAnswer answer) implements Outcome {}

    /// The credential is accepted.
    record Open(Origin origin, Way way) implements Outcome {}
  }

  /// How a registry wants the credential, as far as is known.
  sealed interface Way {
    /// Not at all.
    record Unasked() implements Way {}

    record Asked(Challenge challenge) implements Way {}
  }

  /// What to present, or why there is nothing.
  sealed interface Ticket {
    /// @param authorization null to present nothing
    record Ready(@Nullable Secret authorization) implements Ticket {}

    record Refused(String reason) implements Ticket {}

    record Unreachable(String reason) implements Ticket {}
  }

  /// The host that speaks the protocol for an address.
  static String host(RegistryAddress address) {
    return address.isDockerHub() ? HUB_API : address.text();
  }

  /// @throws IOException if the registry, or its token server, gives no reply
  Outcome credential() throws IOException {
    Origin origin = Origin.of(true, host(address));
    try {
      return credential(origin, wire.get(origin.at("/v2/"), null));
    } catch (CheckedNames.Denied | CheckedNames.DeniedName e) {
      throw e;
    } catch (IOException e) {
      if (!question.trust().insecure() || wire.isTimeOver()) {
        throw e;
      }
    }
    Origin plain = Origin.of(false, host(address));
    return credential(plain, wire.get(plain.at("/v2/"), null));
  }

  private Outcome credential(Origin origin, Reply first) throws IOException {
    if (first.elsewhere()) {
      return unreachable(address + " redirects to another host, which gets no credential");
    }
    if (first.isYes()) {
      return unasked(origin);
    }
    Optional<Challenge> challenge = Challenge.best(first.challenges());
    if (challenge.isPresent() && first.isNo()) {
      return asked(origin, challenge.get());
    }
    return first.isNo() ? refused(address, first) : useless(first);
  }

  private Outcome unasked(Origin origin) throws IOException {
    Credential credential = question.credential();
    if (credential == null || !origin.secure() || question.trust().insecure()) {
      return new Outcome.Open(origin, new Way.Unasked());
    }
    return presented(origin, new Way.Asked(new Challenge.Basic()), TokenServer.basic(credential));
  }

  private Outcome asked(Origin origin, Challenge challenge) throws IOException {
    Way way = new Way.Asked(challenge);
    if (question.credential() == null && challenge instanceof Challenge.Bearer) {
      // Of anybody, token servers want a scope: the images will tell.
      return new Outcome.Open(origin, way);
    }
    return switch (ticket(way, "")) {
      case Ticket.Ready(@Nullable Secret authorization) -> presented(origin, way, authorization);
      case Ticket.Refused(String reason) -> new Outcome.Answered(new ProbeAnswer.Refused(reason));
      case Ticket.Unreachable(String reason) -> unreachable(reason);
    };
  }

  private Outcome presented(Origin origin, Way way, @Nullable Secret authorization)
      throws IOException {
    Reply reply = wire.get(origin.at("/v2/"), authorization);
    if (reply.elsewhere()) {
      return unreachable(address + " redirects to another host, which gets no credential");
    }
    if (reply.isYes()) {
      return new Outcome.Open(origin, way);
    }
    return reply.isNo() ? refused(address, reply) : useless(reply);
  }

  /// What to present where a way was learned.
  ///
  /// @param scope empty for none
  Ticket ticket(Way way, String scope) throws IOException {
    Credential credential = question.credential();
    return switch (way) {
      case Way.Unasked() -> new Ticket.Ready(null);
      case Way.Asked(Challenge.Basic()) ->
          credential == null
              ? new Ticket.Refused(address + " wants a user name and a password")
              : new Ticket.Ready(TokenServer.basic(credential));
      case Way.Asked(Challenge.Bearer bearer) -> token(bearer, credential, scope);
    };
  }

  private Ticket token(Challenge.Bearer bearer, @Nullable Credential credential, String scope)
      throws IOException {
    if (!isLawful(bearer)) {
      return new Ticket.Unreachable(
          address
              + " wants credentials sent to "
              + bearer.realm().getHost()
              + ", which is neither https in its own domain nor among the daemon's"
              + " `probe.tokenServers`");
    }
    String who = "the token server of " + address;
    return switch (new TokenServer(wire).ask(bearer, credential, scope)) {
      case TokenServer.Answer.Granted(Secret authorization) -> new Ticket.Ready(authorization);
      case TokenServer.Answer.Refused(int status) ->
          new Ticket.Refused(who + " answered " + status);
      case TokenServer.Answer.Useless(String what) -> new Ticket.Unreachable(who + " " + what);
    };
  }

  /// Whether a token server may be asked.
  boolean isLawful(Challenge.Bearer bearer) {
    return Origin.of(bearer.realm())
        .filter(realm -> law.mayServe(address, realm, question.trust().insecure()))
        .isPresent();
  }

  private Outcome useless(Reply reply) {
    return unreachable(address + " answered " + reply.status() + ", and not as a registry does");
  }

  private static Outcome refused(RegistryAddress address, Reply reply) {
    return new Outcome.Answered(new ProbeAnswer.Refused(address + " answered " + reply.status()));
  }

  private static Outcome unreachable(String reason) {
    return new Outcome.Answered(new ProbeAnswer.Unreachable(reason));
  }
}
