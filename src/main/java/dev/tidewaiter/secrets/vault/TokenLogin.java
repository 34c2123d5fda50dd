package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.model.Secret;
import dev.tidewaiter.secrets.vault.VaultSettings.Login;
import tools.jackson.databind.JsonNode;

/// A token that somebody else keeps in a file: it is adopted, and asked what it is.
///
/// Source: [token API](https://developer.hashicorp.com/vault/api-docs/auth/token).
record TokenLogin(Login.Token login) implements LoginMethod {
  @Override
  public String name() {
    return "token";
  }

  @Override
  public boolean givesNewTokens() {
    return false;
  }

  @Override
  public LoginFiles files() {
    return LoginFiles.of(login.file());
  }

  @Override
  public LoginAnswer logIn(VaultWire wire, LoginFiles.Content shown) {
    Secret token = shown.first();
    return switch (wire.get(token, "auth/token/lookup-self", null)) {
      case Reply.Answered answered when answered.status() == 200 -> adopted(token, answered, true);
      // A good token may lack the right to ask this.
      case Reply.Answered answered when answered.status() == 403 && answered.isVaultsError() ->
          adopted(token, answered, false);
      case Reply.Answered answered ->
          new LoginAnswer.Refused(
              Replies.meaning(answered.status()) + " to the token's look-up",
              answered.retryAfter());
      case Reply.Silence silence -> new LoginAnswer.Refused(silence.words(), null);
    };
  }

  private static LoginAnswer adopted(Secret token, Reply.Answered answered, boolean verified) {
    JsonNode data = answered.body().path("data");
    return LoginAnswer.Granted.of(token, data.path("ttl"), data.path("renewable"), verified);
  }
}
