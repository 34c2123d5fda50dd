package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.model.Secret;
import dev.tidewaiter.secrets.vault.VaultSettings.Login;
import java.util.Map;

/// A JWT that somebody else writes to a file, and renews there: it is read at every login.
///
/// Source: [JWT/OIDC auth API](https://developer.hashicorp.com/vault/api-docs/auth/jwt#jwt-login).
record JwtLogin(Login.Jwt login) implements LoginMethod {
  @Override
  public String name() {
    return "jwt";
  }

  @Override
  public boolean givesNewTokens() {
    return true;
  }

  @Override
  public LoginFiles files() {
    return LoginFiles.of(login.file());
  }

  @Override
  public LoginAnswer logIn(VaultWire wire, LoginFiles.Content shown) {
    String check =
        ("that the JWT in %s has not expired; that role `%s` exists at `auth/%s`, and that its"
                + " `bound_audiences`, `bound_subject` and `bound_claims` are those of the JWT; and that"
                + " the method's `bound_issuer` and keys are the issuer's")
            .formatted(login.file(), login.role(), login.mount());
    return new LoginExchange("JWT", login.mount(), check)
        .post(wire, Map.of("role", Secret.of(login.role()), "jwt", shown.first()));
  }
}
