package dev.tidewaiter.config;

import dev.tidewaiter.config.DaemonConfiguration.AllowedPath;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.SecretReference;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Which secrets a daemon hands to which registries and environments, and what it does in a cloud
/// as itself: an author of declarations must not gain what the daemon can do.
///
/// Of the `allowedPaths` above a secret the longest decides, by component: `secret/a` is not above
/// `secret/ab`. Of several with the same path, one that permits the use is enough.
///
/// A path that a longer entry would be above if case did not matter is refused: some of Vault's
/// engines put names into lower case (`TypeLowerCaseString` of [its
/// SDK](https://pkg.go.dev/github.com/hashicorp/vault/sdk/framework#FieldType)), so both may be one
/// secret.
public final class Bindings {
  private final DaemonConfiguration configuration;
  private final CloudBindings clouds;

  private Bindings(DaemonConfiguration configuration) {
    this.configuration = configuration;
    this.clouds = new CloudBindings(configuration.aws(), configuration.google());
  }

  /// What is wrong with how the environments that this daemon serves use secrets and the daemon's
  /// own identity. To be asked before anything is read or connected to.
  ///
  /// Of a file only the text of its path is checked here; whoever reads it resolves links first.
  public static List<Problem> check(Declarations declarations, DaemonConfiguration configuration) {
    var bindings = new Bindings(configuration);
    List<String> served = configuration.environments();
    Set<Problem> problems = new TreeSet<>();
    for (Environment environment : declarations.environments().values()) {
      if (served == null || served.contains(environment.name())) {
        for (Registry registry : declarations.serving(environment)) {
          if (problems.size() < Findings.MOST) {
            bindings.check(registry, environment, problems);
          }
        }
      }
    }
    return List.copyOf(problems);
  }

  /// The entries that are bound to no address or to no environment: to be reported once, as
  /// `SecretsUnbound`.
  public static List<AllowedPath> unbound(DaemonConfiguration configuration) {
    DaemonConfiguration.Vault vault = configuration.vault();
    return vault == null
        ? List.of()
        : vault.allowedPaths().stream()
            .filter(entry -> entry.addresses().isEmpty() || entry.environments().isEmpty())
            .toList();
  }

  private void check(Registry registry, Environment environment, Set<Problem> problems) {
    clouds.refusals(registry).forEach(refusal -> problems.add(refusal.problem(registry)));
    registry
        .secretReferences()
        .forEach(
            (field, reference) -> {
              Refusal refusal = refusal(field, reference, registry, environment);
              if (refusal != null) {
                problems.add(refusal.problem(registry));
              }
            });
  }

  private @Nullable Refusal refusal(
      String field, SecretReference reference, Registry registry, Environment environment) {
    return switch (reference) {
      case SecretReference.Vault(String path, _, _) -> vault(field, path, registry, environment);
      case SecretReference.File(String path) -> file(field, path);
    };
  }

  private @Nullable Refusal vault(
      String field, String path, Registry registry, Environment environment) {
    DaemonConfiguration.Vault vault = configuration.vault();
    if (vault == null) {
      return new Refusal(
          field,
          "refers to Vault, and this daemon has none",
          "Add `vault` to the daemon's configuration.");
    }
    List<AllowedPath> deciding = deciding(path, vault.allowedPaths());
    if (deciding.isEmpty()) {
      return new Refusal(
          field,
          "refers to `" + path + "`, which this daemon may not read for declarations",
          "Add a prefix of it to `vault.allowedPaths` of the daemon, bound to `"
              + registry.address()
              + "`.");
    }
    Optional<String> alike = longerButForCase(path, deciding, vault.allowedPaths());
    if (alike.isPresent()) {
      return new Refusal(
          field,
          "refers to `%s`, where only the case of letters differs from `%s` of `vault.allowedPaths`"
              .formatted(path, alike.get()),
          "Write it as there; if they are two secrets, add an entry of its own to the daemon.");
    }
    return deciding.stream().anyMatch(entry -> permits(entry, registry, environment))
        ? null
        : new Refusal(
            field,
            "sends `%s` to `%s` in environment `%s`, which `vault.allowedPaths` does not allow"
                .formatted(path, registry.address(), environment.name()),
            "Refer to a secret of this registry, or have the entry `"
                + deciding.getFirst().path()
                + "` of the daemon extended.");
  }

  private static List<AllowedPath> deciding(String path, List<AllowedPath> entries) {
    List<AllowedPath> above =
        entries.stream()
            .filter(e -> path.equals(e.path()) || path.startsWith(e.path() + "/"))
            .toList();
    int longest = above.stream().mapToInt(e -> e.path().length()).max().orElse(0);
    return above.stream().filter(e -> e.path().length() == longest).toList();
  }

  private static Optional<String> longerButForCase(
      String path, List<AllowedPath> deciding, List<AllowedPath> entries) {
    int longest = deciding.getFirst().path().length();
    return entries.stream()
        .map(AllowedPath::path)
        .filter(prefix -> prefix.length() > longest)
        .filter(prefix -> (path + "/").regionMatches(true, 0, prefix + "/", 0, prefix.length() + 1))
        .findFirst();
  }

  private static boolean permits(AllowedPath entry, Registry registry, Environment environment) {
    boolean address =
        entry.addresses().isEmpty()
            || entry.addresses().stream()
                .anyMatch(a -> a.canonical().equals(registry.address().canonical()));
    boolean served =
        entry.environments().isEmpty() || entry.environments().contains(environment.name());
    return address && served;
  }

  private @Nullable Refusal file(String field, String text) {
    return isBeneathAnAllowedDirectory(text)
        ? null
        : new Refusal(
            field,
            "refers to a file that is not beneath an allowed directory of this daemon",
            "Move the file, or add its directory to `files.allowedDirectories` of the daemon.");
  }

  private boolean isBeneathAnAllowedDirectory(String text) {
    try {
      Path path = Path.of(text);
      return path.isAbsolute()
          && path.equals(path.normalize())
          && configuration.allowedDirectories().stream()
              .map(Path::normalize)
              .anyMatch(d -> path.startsWith(d) && !path.equals(d));
    } catch (InvalidPathException e) {
      // A locale without the letter, such as `C`: this process cannot name such a file.
      return false;
    }
  }
}
