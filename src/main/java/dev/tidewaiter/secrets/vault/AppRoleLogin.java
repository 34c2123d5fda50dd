package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.secrets.vault.VaultSettings.Login;
import java.util.Map;

/// A role id and a secret id, each from a file.
///
/// Source: [AppRole
/// API](https://developer.hashicorp.com/vault/api-docs/auth/approle#login-with-approle).
record AppRoleLogin(Login.AppRole login) implements LoginMethod {
  @Override
  public String name() {
    return "approle";
  }

  @Override
  public boolean givesNewTokens() {
    return true;
  }

  @Override
  public LoginFiles files() {
    return LoginFiles.of(login.roleId(), login.secretId());
  }

  @Override
  public LoginAnswer logIn(VaultWire wire, LoginFiles.Content shown) {
    String check =
        "%s, and that the role exists at `auth/%s`".formatted(files().names(), login.mount());
    return new LoginExchange("AppRole", login.mount(), check)
        .post(wire, Map.of("role_id", shown.first(), "secret_id", shown.second()));
  }
}
