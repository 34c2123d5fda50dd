package dev.tidewaiter.intake.existing;

import dev.tidewaiter.config.YamlText;
import dev.tidewaiter.model.EcrAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// What a daemon's configuration has to allow before it serves a proposal, and no more than that.
final class DaemonSettings {
  /// What stands for the account of ECR Public, as the daemon's schema has it.
  private static final String ECR_PUBLIC = "public.ecr.aws";

  private DaemonSettings() {}

  /// Lines of YAML for its `spec`; empty if nothing has to be allowed.
  static String of(Proposal proposal) {
    var spec = new LinkedHashMap<String, Object>();
    List<Object> paths = allowedPaths(proposal);
    if (!paths.isEmpty()) {
      spec.put("vault", Map.of("allowedPaths", paths));
    }
    var accounts = new TreeSet<String>();
    var google = new TreeSet<String>();
    for (Proposal.Registry registry : proposal.registries()) {
      switch (registry.credential()) {
        case CredentialDraft.Ecr _ ->
            accounts.add(
                EcrAddress.of(registry.address()).map(EcrAddress::account).orElse(ECR_PUBLIC));
        case CredentialDraft.GoogleToken _ -> google.add(registry.address().text());
        case CredentialDraft.Basic _, CredentialDraft.Anonymous _, CredentialDraft.GoogleKey _ -> {}
      }
    }
    if (!accounts.isEmpty()) {
      spec.put("aws", Map.of("ambientIdentity", List.copyOf(accounts)));
    }
    if (!google.isEmpty()) {
      spec.put("google", Map.of("ambientIdentity", List.copyOf(google)));
    }
    return spec.isEmpty() ? "" : YamlText.of(spec);
  }

  private static List<Object> allowedPaths(Proposal proposal) {
    var paths = new ArrayList<Object>();
    for (Proposal.Registry registry : proposal.registries()) {
      if (!registry.secrets().isEmpty()) {
        var path = new LinkedHashMap<String, Object>();
        path.put("path", registry.path());
        path.put("addresses", List.of(registry.address().text()));
        List<String> environments = proposal.environmentsOf(registry);
        if (!environments.isEmpty()) {
          path.put("environments", environments);
        }
        paths.add(path);
      }
    }
    return paths;
  }
}
