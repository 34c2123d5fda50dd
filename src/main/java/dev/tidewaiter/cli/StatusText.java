package dev.tidewaiter.cli;

import dev.tidewaiter.model.Visible;
import dev.tidewaiter.serve.StatusDocument;
import dev.tidewaiter.serve.StatusDocument.ConditionDocument;
import dev.tidewaiter.serve.StatusDocument.EnvironmentDocument;
import dev.tidewaiter.serve.StatusDocument.RegistryDocument;
import dev.tidewaiter.serve.StatusDocument.TargetDocument;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/// A status for people: what is wrong first, then each environment on each target.
final class StatusText {
  private StatusText() {}

  static void print(StatusDocument status, PrintWriter out) {
    out.printf("%s: %s%n", status.instance(), status.ready() ? "Ready" : "not Ready");
    StatusDocument.Repository repository = status.repository();
    if (repository != null) {
      out.printf(
          "revision in force %s, attempted %s%n",
          abbreviated(repository.revisionInForce()),
          abbreviated(repository.lastAttemptedRevision()));
      repository.problems().forEach(problem -> out.println(problem.indent(2).stripTrailing()));
    }
    status.conditions().forEach(condition -> print(condition, "", out));
    if (!status.registries().isEmpty()) {
      out.println();
      out.println("registries");
      status.registries().forEach(registry -> print(registry, out));
    }
    status.targets().forEach(target -> print(target, out));
  }

  private static void print(RegistryDocument registry, PrintWriter out) {
    out.printf(
        "  %s (%s): %s, %s%s%s%s%n",
        registry.registry(),
        registry.address(),
        registry.source(),
        registry.proof(),
        registry.identity() == null ? "" : ", as " + registry.identity(),
        registry.expiresAt() == null ? "" : ", until " + registry.expiresAt(),
        registry.refreshAt() == null ? "" : ", refreshed at " + registry.refreshAt());
    if (registry.lastFailure() != null) {
      out.println("    last failure: " + Visible.of(registry.lastFailure()));
    }
  }

  private static void print(TargetDocument target, PrintWriter out) {
    out.println();
    out.println(target.target());
    target.conditions().forEach(condition -> print(condition, "  ", out));
    target.runtimes().forEach(runtime -> RuntimeText.of(runtime).forEach(out::println));
    target.environments().forEach(environment -> print(environment, out));
  }

  private static void print(EnvironmentDocument environment, PrintWriter out) {
    out.printf(
        "  %s: %s, revision %s, %d unchanged%n",
        environment.environment(),
        environment.ready().reason(),
        abbreviated(environment.lastAppliedRevision()),
        environment.counts().unchanged());
    environment.conditions().forEach(condition -> print(condition, "    ", out));
    var details = environment.details();
    details.failed().forEach(text -> out.println("    failed: " + Visible.of(text)));
    details.withheld().forEach(text -> out.println("    withheld: " + Visible.of(text)));
    details.conflicts().forEach(text -> out.println("    conflict: " + Visible.of(text)));
    details.held().forEach(text -> out.println("    held: " + Visible.of(text)));
    details.denials().forEach(text -> out.println("    held: " + Visible.of(text)));
    if (environment.activation() != null) {
      environment.activation().lines().forEach(line -> out.println("    " + line));
    }
    if (details.approval() != null) {
      out.println("    to approve, write prune.approve: \"" + details.approval() + "\"");
    }
  }

  private static void print(ConditionDocument condition, String indent, PrintWriter out) {
    out.println(indent + condition.reason() + ": " + condition.message());
  }

  private static String abbreviated(@Nullable String revision) {
    return revision == null ? "none" : revision.substring(0, Math.min(8, revision.length()));
  }
}
