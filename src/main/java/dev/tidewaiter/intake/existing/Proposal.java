package dev.tidewaiter.intake.existing;

import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.Secret;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The declarations that would give the access that was found.
///
/// @param left what cannot become one, and why
public record Proposal(
    List<Registry> registries, List<Environment> environments, List<Found.Left> left) {
  public Proposal {
    registries = List.copyOf(registries);
    environments = List.copyOf(environments);
    left = List.copyOf(left);
  }

  /// @param mirrors in the order in which they are asked
  /// @param origins where its credential, its certificates or its mirrors were found
  /// @param path where its secrets go in Vault
  public record Registry(
      String name,
      RegistryAddress address,
      CredentialDraft credential,
      TlsDraft tls,
      List<String> mirrors,
      List<Origin> origins,
      String path) {
    /// The key of the client certificate's private key, beside those of the credential.
    static final String CLIENT_KEY = "client-key";

    public Registry {
      mirrors = List.copyOf(mirrors);
      origins = List.copyOf(origins);
    }

    /// What goes to Vault, by key; empty for nothing.
    SortedMap<String, Secret> secrets() {
      var secrets = new TreeMap<>(credential.secrets());
      TlsDraft.Client client = tls.client();
      if (client != null) {
        secrets.put(CLIENT_KEY, client.key());
      }
      return secrets;
    }

    /// Whether its declaration says `tls.insecure`, because some client did not ask whom it speaks
    /// to.
    public boolean isInsecure() {
      return tls.insecure();
    }

    /// The form of its credential, as the declaration writes it.
    public String form() {
      return switch (credential) {
        case CredentialDraft.Basic _ -> "basic";
        case CredentialDraft.Anonymous _ -> "anonymous";
        case CredentialDraft.Ecr _ -> "ecr";
        case CredentialDraft.GoogleKey _ -> "googleKey";
        case CredentialDraft.GoogleToken _ -> "googleToken";
      };
    }
  }

  /// @param cluster null for all of the daemon that reads it
  /// @param namespaces sorted
  /// @param registries names, sorted
  public record Environment(
      String name, @Nullable String cluster, List<String> namespaces, List<String> registries) {
    public Environment {
      namespaces = List.copyOf(namespaces);
      registries = List.copyOf(registries);
    }
  }

  /// The environments that name a registry.
  List<String> environmentsOf(Registry registry) {
    return environments.stream()
        .filter(environment -> environment.registries().contains(registry.name()))
        .map(Environment::name)
        .toList();
  }
}
