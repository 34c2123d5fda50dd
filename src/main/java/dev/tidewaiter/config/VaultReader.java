package dev.tidewaiter.config;

import dev.tidewaiter.config.DaemonConfiguration.AllowedPath;
import dev.tidewaiter.config.DaemonConfiguration.Vault;
import dev.tidewaiter.config.DaemonConfiguration.VaultLogin;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.RegistryAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    URI address = urls.read(vault, "address", Set.of("https"));
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
    Fields appRole = auth.in("appRole");
    return auth.has("appRole")
        ? new VaultLogin.AppRole(
            appRole.text("mount"),
            DaemonReader.path(base, appRole.in("roleId").text("file")),
            DaemonReader.path(base, appRole.in("secretId").text("file")))
        : new VaultLogin.Token(DaemonReader.path(base, auth.in("token").text("file")));
  }

  private List<AllowedPath> allowedPaths(Fields vault) {
    List<AllowedPath> allowed = new ArrayList<>();
    for (Fields entry : vault.each("allowedPaths")) {
      allowed.add(
          entry.isMapping()
              ? new AllowedPath(
                  entry.text("path"), addresses(entry), List.copyOf(entry.texts("environments")))
              : new AllowedPath(entry.self(), List.of(), List.of()));
    }
    return List.copyOf(allowed);
  }

  private List<RegistryAddress> addresses(Fields entry) {
    List<RegistryAddress> addresses = new ArrayList<>();
    for (String text : entry.texts("addresses")) {
      Optional<String> mistake = RegistryAddress.mistakeIn(text);
      mistake.ifPresent(
          hint -> problems.add(entry.problem("addresses", "has a wrong address", hint)));
      if (mistake.isEmpty()) {
        addresses.add(new RegistryAddress(text));
      }
    }
    return List.copyOf(addresses);
  }
}
