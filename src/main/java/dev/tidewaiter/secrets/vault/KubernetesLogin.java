package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.model.Secret;
import dev.tidewaiter.secrets.vault.VaultSettings.Login;
import java.util.Map;

/// The token of the ServiceAccount that the daemon's pod runs as, which Vault has the cluster's API
/// server review.
///
/// The kubelet renews the file before the token in it expires, hence it is read at every login.
///
/// Source: [Kubernetes auth
/// API](https://developer.hashicorp.com/vault/api-docs/auth/kubernetes#login).
record KubernetesLogin(Login.Kubernetes login) implements LoginMethod {
  @Override
  public String name() {
    return "kubernetes";
  }

  @Override
  public boolean givesNewTokens() {
    return true;
  }

  @Override
  public LoginFiles files() {
    return LoginFiles.of(login.token());
  }

  // Vault answers 403 to whatever is wrong with the token, and to its own failure to ask about it.
  @Override
  public LoginAnswer logIn(VaultWire wire, LoginFiles.Content shown) {
    String check =
        ("that role `%s` exists at `auth/%s` and is bound to the ServiceAccount, the namespace and the"
                + " audience of the token in %s; that the ServiceAccount still exists; and that Vault may"
                + " create TokenReviews in its cluster (`kubernetes_host`, `kubernetes_ca_cert`,"
                + " `token_reviewer_jwt`)")
            .formatted(login.role(), login.mount(), login.token());
    return new LoginExchange("Kubernetes", login.mount(), check)
        .post(wire, Map.of("role", Secret.of(login.role()), "jwt", shown.first()));
  }
}
