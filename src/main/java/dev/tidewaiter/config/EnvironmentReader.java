package dev.tidewaiter.config;

import dev.tidewaiter.model.Problem;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// A document of kind Environment, valid by its schema, to the declaration.
final class EnvironmentReader {
  // Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
  private static final Pattern LABEL_KEY =
      Pattern.compile(
          "([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");

  private final List<Problem> problems;

  /// @param problems receives what the schema could not see
  EnvironmentReader(List<Problem> problems) {
    this.problems = problems;
  }

  Environment read(Document document, Fields spec) {
    problems.addAll(Regardless.problemsOf(document, Kind.ENVIRONMENT));
    return new Environment(
        document.name(),
        document.placeOf("/metadata/name"),
        spec.word("state", Environment.State.class),
        spec.texts("registries"),
        spec.textOrNull("policy"),
        spec.textsOrNull("clusters"),
        namespaces(spec.in("namespaces")),
        pullSecret(spec.in("pullSecret")),
        serviceAccounts(spec.in("serviceAccounts")),
        spec.flag("injectPullSecrets"),
        spec.has("hosts") ? hosts(spec.in("hosts")) : null,
        spec.word("driftMode", Environment.DriftMode.class),
        spec.word("suspend", Environment.Suspend.class),
        prune(spec.in("prune")),
        spec.word("duplicateAddresses", Environment.DuplicateAddresses.class));
  }

  private Environment.Namespaces namespaces(Fields namespaces) {
    Map<String, String> labels =
        namespaces.has("selector") ? namespaces.in("selector").map("matchLabels") : null;
    if (labels != null && !labels.keySet().stream().allMatch(EnvironmentReader::isLabelKey)) {
      problems.add(
          namespaces
              .in("selector")
              .problem(
                  "matchLabels",
                  "has a key that no label has",
                  "Write `name` or `prefix/name`, with letters, digits, `-`, `_` and `.`."));
    }
    return new Environment.Namespaces(
        namespaces.flag("all"),
        namespaces.texts("names"),
        labels,
        namespaces.texts("projects"),
        namespaces.texts("exclude"));
  }

  private static boolean isLabelKey(String key) {
    return LABEL_KEY.matcher(key).matches();
  }

  private static Environment.PullSecret pullSecret(Fields pullSecret) {
    return new Environment.PullSecret(
        pullSecret.text("name"), pullSecret.word("mode", Environment.PullSecret.Mode.class));
  }

  private static Environment.ServiceAccounts serviceAccounts(Fields accounts) {
    return new Environment.ServiceAccounts(accounts.flag("all"), accounts.texts("names"));
  }

  private static Environment.Hosts hosts(Fields hosts) {
    Fields credentials = hosts.in("credentials");
    return new Environment.Hosts(
        hosts.in("selector").map("matchLabels"),
        hosts.texts("runtimes"),
        credentials.texts("users"),
        credentials.flag("node"),
        hosts.flag("trustStore"),
        hosts.word("unsupported", Environment.Unsupported.class));
  }

  private static Environment.Prune prune(Fields prune) {
    return new Environment.Prune(
        prune.number("maxDeletions"), prune.number("maxPercent"), prune.text("approve"));
  }
}
