package dev.tidewaiter.intake.existing;

import dev.tidewaiter.config.YamlText;
import dev.tidewaiter.model.Visible;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A proposal as files of a config repository: one document in each, with a comment on where it
/// comes from. None of them holds a secret.
final class DeclarationFiles {
  /// How many places a comment names.
  private static final int NAMED = 5;

  private DeclarationFiles() {}

  /// Texts by path.
  static SortedMap<String, String> of(Proposal proposal) {
    var files = new TreeMap<String, String>();
    for (Proposal.Registry registry : proposal.registries()) {
      files.put(
          "registries/" + registry.name() + ".yaml",
          comment(registry) + document("Registry", registry.name(), spec(registry)));
    }
    for (Proposal.Environment environment : proposal.environments()) {
      files.put(
          "environments/" + environment.name() + ".yaml",
          "# Namespaces that had credentials for the same registries.\n"
              + "# Add `serviceAccounts: {names: [default]}` to let pods use the pull Secret by themselves.\n"
              + document("Environment", environment.name(), spec(environment)));
    }
    return files;
  }

  private static String document(String kind, String name, Map<String, Object> spec) {
    var document = new LinkedHashMap<String, Object>();
    document.put("apiVersion", "tidewaiter.dev/v1");
    document.put("kind", kind);
    document.put("metadata", Map.of("name", name));
    document.put("spec", spec);
    return YamlText.of(document);
  }

  private static String comment(Proposal.Registry registry) {
    List<Origin> origins = registry.origins();
    String named =
        origins.stream()
            .limit(NAMED)
            .map(origin -> Visible.of(origin.text()))
            .collect(Collectors.joining(", "));
    String more = origins.size() > NAMED ? " and " + (origins.size() - NAMED) + " more" : "";
    return "# Found in " + named + more + ".\n" + advice(registry.credential());
  }

  private static String advice(CredentialDraft credential) {
    return switch (credential) {
      case CredentialDraft.Ecr _ ->
          """
          # What was there is a token of twelve hours. This mints them with the daemon's own identity, which has to
          # be allowed for the account: `aws.ambientIdentity`. Or write keys: `accessKeyId`, `secretAccessKey`.
          """;
      case CredentialDraft.GoogleToken _ ->
          """
          # What was there is a token of one hour. This mints them with the daemon's own identity, which has to be
          # allowed for the registry: `google.ambientIdentity`. Or write a reference to a key: `key`.
          """;
      case CredentialDraft.Basic _, CredentialDraft.Anonymous _, CredentialDraft.GoogleKey _ -> "";
    };
  }

  private static Map<String, Object> spec(Proposal.Registry registry) {
    var spec = new LinkedHashMap<String, Object>();
    spec.put("address", registry.address().text());
    spec.put("credential", Map.of(registry.form(), credential(registry)));
    Map<String, Object> tls = tls(registry);
    if (!tls.isEmpty()) {
      spec.put("tls", tls);
    }
    if (!registry.mirrors().isEmpty()) {
      spec.put("mirrors", registry.mirrors());
    }
    return spec;
  }

  private static Map<String, Object> credential(Proposal.Registry registry) {
    return switch (registry.credential()) {
      case CredentialDraft.Basic(String username, _, @Nullable String email) -> {
        var basic = new LinkedHashMap<String, Object>();
        basic.put("username", username);
        if (email != null) {
          basic.put("email", email);
        }
        basic.put("password", reference(registry, "password"));
        yield basic;
      }
      case CredentialDraft.GoogleKey _ -> Map.of("key", reference(registry, "key"));
      case CredentialDraft.Anonymous _, CredentialDraft.Ecr _, CredentialDraft.GoogleToken _ ->
          Map.of();
    };
  }

  private static Map<String, Object> tls(Proposal.Registry registry) {
    TlsDraft draft = registry.tls();
    TlsDraft.Client client = draft.client();
    var tls = new LinkedHashMap<String, Object>();
    if (!draft.ca().isEmpty()) {
      tls.put("ca", draft.ca());
    }
    if (client != null) {
      var certificate = new LinkedHashMap<String, Object>();
      certificate.put("cert", client.certificates());
      certificate.put("key", reference(registry, Proposal.Registry.CLIENT_KEY));
      tls.put("clientCertificate", certificate);
    }
    if (draft.insecure()) {
      tls.put("insecure", true);
    }
    return tls;
  }

  private static Map<String, Object> reference(Proposal.Registry registry, String key) {
    var vault = new LinkedHashMap<String, Object>();
    vault.put("path", registry.path());
    vault.put("key", key);
    return Map.of("vault", vault);
  }

  private static Map<String, Object> spec(Proposal.Environment environment) {
    var spec = new LinkedHashMap<String, Object>();
    spec.put("registries", environment.registries());
    if (environment.cluster() != null) {
      spec.put("clusters", List.of(environment.cluster()));
    }
    spec.put("namespaces", Map.of("names", environment.namespaces()));
    return spec;
  }
}
