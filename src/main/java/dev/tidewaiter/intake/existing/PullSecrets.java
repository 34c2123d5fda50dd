package dev.tidewaiter.intake.existing;

import dev.tidewaiter.target.ExistingPullSecret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads pull Secrets of a cluster. Those that somebody writes anew are left: our own, and
/// OpenShift's. So are those of system namespaces, which are served only where they are named.
public final class PullSecrets {
  // As environments have it, which select these by name alone.
  private static final Pattern SYSTEM = Pattern.compile("(kube|cattle|openshift)-.*");

  private PullSecrets() {}

  /// @param cluster its name in daemons' configurations; empty if it has none there
  /// @param named namespaces that somebody named
  public static List<Found> read(
      String cluster, List<ExistingPullSecret> secrets, Collection<String> named) {
    var found = new ArrayList<Found>();
    for (ExistingPullSecret secret : secrets) {
      Origin origin = Origin.ofSecret(cluster, secret.namespace(), secret.name());
      boolean systems =
          SYSTEM.matcher(secret.namespace()).matches() && !named.contains(secret.namespace());
      found.addAll(systems ? ofSystem(origin) : read(origin, secret));
    }
    return found;
  }

  private static List<Found> ofSystem(Origin origin) {
    return List.of(
        new Found.Left(
            origin,
            "all of it",
            "It is in a system namespace. Name that with --namespace to import it."));
  }

  private static List<Found> read(Origin origin, ExistingPullSecret secret) {
    if (secret.keeper() != null) {
      return List.of(
          new Found.Left(origin, "all of it", "It is written by " + secret.keeper() + "."));
    }
    byte[] json = secret.content().reveal().getBytes(StandardCharsets.UTF_8);
    Optional<JsonNode> tree = Reading.parse(json, JsonMapper.shared());
    if (tree.isEmpty()) {
      return List.of(new Found.Left(origin, "all of it", "It cannot be understood."));
    }
    JsonNode auths =
        switch (secret.form()) {
          case DOCKER_CONFIG_JSON -> tree.get().path("auths");
          case DOCKER_CFG -> tree.get();
        };
    List<Found> entries = Auths.read(origin, auths);
    return entries.isEmpty()
        ? List.of(new Found.Left(origin, "all of it", "It has no entry."))
        : entries;
  }
}
