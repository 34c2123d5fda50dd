package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.secrets.vault.VaultSettings.Login;
import java.util.Map;

/// A client certificate, which [Connections] shows in the handshake of every connection: Vault
/// wants to see the same again when it renews the token.
///
/// Source: [TLS certificate auth
/// API](https://developer.hashicorp.com/vault/api-docs/auth/cert#login-with-tls-certificate-auth-method).
record CertificateLogin(Login.Certificate login) implements LoginMethod {
  @Override
  public String name() {
    return "certificate";
  }

  @Override
  public boolean givesNewTokens() {
    return true;
  }

  @Override
  public LoginFiles files() {
    return LoginFiles.of(login.certificate(), login.key());
  }

  @Override
  public LoginAnswer logIn(VaultWire wire, LoginFiles.Content shown) {
    String check =
        ("that a certificate role at `auth/%s` trusts the issuer of %s and allows its names; that it"
                + " has not expired; and that Vault itself sees it: `tls_disable_client_certs` must not"
                + " be set, and nothing before Vault may end the TLS connection")
            .formatted(login.mount(), login.certificate());
    return new LoginExchange("certificate", login.mount(), check).post(wire, Map.of());
  }
}
