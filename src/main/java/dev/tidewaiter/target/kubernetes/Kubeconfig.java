package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.model.Secret;
import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Context;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.OAuthTokenProvider;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads a kubeconfig: one context of it, and nothing from the environment.
final class Kubeconfig {
  private Kubeconfig() {}

  /// @param wanted the context; null for the file's own
  /// @throws IOException if the file cannot be read, names no such context, or wants a program
  ///   started that others could have put there; with a message for people
  static Credentials load(Path file, @Nullable String wanted, InstantSource clock)
      throws IOException {
    io.fabric8.kubernetes.api.model.Config document = parse(file);
    String name = wanted == null ? document.getCurrentContext() : wanted;
    if (name == null || name.isEmpty()) {
      throw new IOException(file + ": the kubeconfig has no current context");
    }
    AuthInfo user = user(file, document, name);
    Optional<ExecPlugin> plugin = plugin(file, user, clock);
    if (user.getAuthProvider() != null) {
      throw new IOException(file + ": `auth-provider` is not supported; write `exec` instead");
    }
    user.setExec(null);
    Config config = Config.empty();
    KubeConfigUtils.merge(config, name, document);
    config.setImpersonateUsername(user.getAs());
    if (user.getAsGroups() != null) {
      config.setImpersonateGroups(user.getAsGroups().toArray(String[]::new));
    }
    config.setOauthTokenProvider(tokens(file, user, plugin));
    if (config.getMasterUrl() == null || config.getMasterUrl().isBlank()) {
      throw new IOException(file + ": there is no cluster for context " + name);
    }
    var files =
        Stream.of(config.getCaCertFile(), config.getClientCertFile(), config.getClientKeyFile())
            .filter(Objects::nonNull)
            .map(Path::of)
            .toList();
    return new Credentials(config, plugin.orElse(null), files);
  }

  private static io.fabric8.kubernetes.api.model.Config parse(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new IOException(file + ": the kubeconfig cannot be read");
    }
    var document = parsed(file);
    if (document == null || document.getContexts() == null || document.getUsers() == null) {
      throw new IOException(file + ": this is no kubeconfig");
    }
    return document;
  }

  /// Null for an empty file, and for whatever the parser does not like: its exceptions, of several
  /// libraries, quote the file, which may hold a token.
  private static io.fabric8.kubernetes.api.model.@Nullable Config parsed(Path file) {
    try {
      return KubeConfigUtils.parseConfig(file.toFile());
    } catch (RuntimeException _) {
      return null;
    }
  }

  private static AuthInfo user(
      Path file, io.fabric8.kubernetes.api.model.Config document, String name) throws IOException {
    Context context =
        document.getContexts().stream()
            .filter(candidate -> candidate.getContext() != null)
            .filter(candidate -> candidate.getName().equals(name))
            .findFirst()
            .orElseThrow(() -> new IOException(file + ": there is no context " + name))
            .getContext();
    return document.getUsers().stream()
        .filter(candidate -> candidate.getUser() != null)
        .filter(candidate -> candidate.getName().equals(context.getUser()))
        .findFirst()
        .orElseThrow(() -> new IOException(file + ": there is no user " + context.getUser()))
        .getUser();
  }

  private static Optional<ExecPlugin> plugin(Path file, AuthInfo user, InstantSource clock)
      throws IOException {
    if (user.getExec() == null) {
      return Optional.empty();
    }
    Optional<String> objection = Trusted.objection(file, Trusted.ownersHere());
    if (objection.isPresent()) {
      throw new IOException(
          file + ": its `exec` is not started, because " + objection.get() + "; correct that");
    }
    return Optional.of(new ExecPlugin(user.getExec(), file.toAbsolutePath(), clock));
  }

  /// Always a provider: without one fabric8 would read the file again by itself, and with it the
  /// environment.
  private static OAuthTokenProvider tokens(Path file, AuthInfo user, Optional<ExecPlugin> plugin) {
    return () -> {
      try {
        if (plugin.isPresent()) {
          Secret token = plugin.get().issued().token();
          return token == null ? null : token.reveal();
        }
        return user.getTokenFile() == null
            ? user.getToken()
            : tokenIn(file.resolveSibling(user.getTokenFile()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  private static String tokenIn(Path file) throws IOException {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new IOException(file + ": the token cannot be read", e);
    }
  }
}
