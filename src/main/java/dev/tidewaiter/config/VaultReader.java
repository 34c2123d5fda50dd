package dev.tidewaiter.config;

import dev.tidewaiter.config.DaemonConfiguration.AllowedPath;
import dev.tidewaiter.config.DaemonConfiguration.Vault;
import dev.tidewaiter.config.DaemonConfiguration.VaultLogin;
import dev.tidewaiter.model.Problem;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The part `vault` of a daemon's configuration.
final class VaultReader {
  private final Path base;
  private final Urls urls;
  private final List<Problem> problems;

  VaultReader(Path base, Urls urls, List<Problem> problems) {
    this.base = base;
    this.urls = urls;
    this.problems = problems;
  }

  /// @return null if there was a problem with the address
  @Nullable Vault read(Fields vault) {
    URI address = urls.read(vault, "address", Set.of("https"), Urls.UNDER_AUTH);
    List<AllowedPath> allowed = allowedPaths(vault);
    return address == null
        ? null
        : new Vault(
            address,
            vault.text("namespace"),
            DaemonReader.fileOrNull(base, vault, "ca"),
            login(vault.in("auth")),
            allowed);
  }

  private VaultLogin login(Fields auth) {
    if (auth.has("appRole")) {
      Fields appRole = auth.in("appRole");
      return new VaultLogin.AppRole(
          appRole.text("mount"), file(appRole.in("roleId")), file(appRole.in("secretId")));
    }
    if (auth.has("kubernetes")) {
      Fields kubernetes = auth.in("kubernetes");
      return new VaultLogin.Kubernetes(kubernetes.text("mount"), kubernetes.text("role"));
    }
    if (auth.has("jwt")) {
      Fields jwt = auth.in("jwt");
      return new VaultLogin.Jwt(jwt.text("mount"), jwt.text("role"), file(jwt));
    }
    if (auth.has("certificate")) {
      Fields certificate = auth.in("certificate");
      return new VaultLogin.Certificate(
          certificate.text("mount"), file(certificate.in("cert")), file(certificate.in("key")));
    }
    return new VaultLogin.Token(file(auth.in("token")));
  }

  private Path file(Fields fields) {
    return DaemonReader.path(base, fields.text("file"));
  }

  private List<AllowedPath> allowedPaths(Fields vault) {
    List<AllowedPath> allowed = new ArrayList<>();
    for (Fields entry : vault.each("allowedPaths")) {
      allowed.add(
          entry.isMapping()
              ? new AllowedPath(
                  entry.text("path"),
                  Addresses.in(entry, "addresses", problems),
                  List.copyOf(entry.texts("environments")))
              : new AllowedPath(entry.self(), List.of(), List.of()));
    }
    return List.copyOf(allowed);
  }
}
