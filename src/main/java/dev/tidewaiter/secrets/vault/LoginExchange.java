package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.model.Secret;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// One exchange with a login method that is mounted beneath `auth/`: they differ in what they are
/// sent and in what a refusal means, not in what they answer.
///
/// @param method its name for people
/// @param mount where it is
/// @param check what to look at when it refuses; the end of a sentence
record LoginExchange(String method, String mount, String check) {
  LoginAnswer post(VaultWire wire, Map<String, Secret> fields) {
    return switch (wire.post(null, "auth/" + mount + "/login", fields)) {
      case Reply.Answered answered when answered.status() == 200 -> granted(wire, answered);
      case Reply.Answered answered
          when (answered.status() == 400 || answered.status() == 403) && answered.isVaultsError() ->
          new LoginAnswer.Refused(
              "refused the %s login (%d). Check %s".formatted(method, answered.status(), check),
              answered.retryAfter());
      case Reply.Answered answered ->
          new LoginAnswer.Refused(
              Replies.meaning(answered.status()) + " to the login", answered.retryAfter());
      case Reply.Silence silence -> new LoginAnswer.Refused(silence.words(), null);
    };
  }

  private static LoginAnswer granted(VaultWire wire, Reply.Answered answered) {
    JsonNode auth = answered.body().path("auth");
    if (!auth.path("client_token").isString()) {
      return new LoginAnswer.Refused("answers the login without a token", null);
    }
    Secret token = Secret.of(auth.path("client_token").asString());
    boolean mayAsk =
        wire.get(token, "auth/token/lookup-self", null) instanceof Reply.Answered self
            && self.status() == 200;
    return LoginAnswer.Granted.of(
        token, auth.path("lease_duration"), auth.path("renewable"), mayAsk);
  }
}
