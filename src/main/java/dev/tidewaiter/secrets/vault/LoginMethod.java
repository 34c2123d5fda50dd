package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.secrets.vault.VaultSettings.Login;
import java.util.Optional;

/// One of Vault's ways to find out who somebody is, as the daemon uses it.
sealed interface LoginMethod
    permits AppRoleLogin, CertificateLogin, JwtLogin, KubernetesLogin, TokenLogin {
  /// The method for a login that is configured.
  static LoginMethod of(Login login) {
    return switch (login) {
      case Login.Token token -> new TokenLogin(token);
      case Login.AppRole role -> new AppRoleLogin(role);
      case Login.Kubernetes kubernetes -> new KubernetesLogin(kubernetes);
      case Login.Jwt jwt -> new JwtLogin(jwt);
      case Login.Certificate certificate -> new CertificateLogin(certificate);
    };
  }

  /// Its name in logs.
  String name();

  /// Whether each login gives a token of its own: else there is nothing new to be had until the
  /// files change.
  boolean givesNewTokens();

  /// The files that are shown to Vault; one of them changed is a reason to try again.
  LoginFiles files();

  /// Shows Vault what the files hold.
  LoginAnswer logIn(VaultWire wire, LoginFiles.Content shown);

  /// What the files hold now; empty if one cannot be read or is empty.
  default Optional<LoginFiles.Content> read() {
    return files().read();
  }
}
