package dev.tidewaiter.reconcile.activation;

import dev.tidewaiter.desired.Clause;
import dev.tidewaiter.desired.Exemption;
import dev.tidewaiter.desired.Surroundings;
import java.util.List;

/// To which namespaces a policy of a cluster applies, as its API server decides it.
record Coverage(List<Clause> clauses, Exemption exemption) {
  boolean covers(Surroundings.Namespace namespace) {
    return clauses.stream().anyMatch(clause -> selects(clause, namespace))
        && !exemption.covers(namespace.name());
  }

  private static boolean selects(Clause clause, Surroundings.Namespace namespace) {
    return switch (clause) {
      case Clause.Names(var names) -> names.contains(namespace.name());
      case Clause.Labels(var labels) ->
          namespace.labels().entrySet().containsAll(labels.entrySet());
      case Clause.Projects(var ids) -> {
        String project = namespace.labels().get(Clause.Projects.KEY);
        yield project != null && ids.contains(project);
      }
      case Clause.All() -> true;
      case Clause.Proof _ -> false;
    };
  }
}
