package dev.tidewaiter.cli;

import dev.tidewaiter.intake.existing.Found;
import dev.tidewaiter.intake.existing.MovingIn;
import dev.tidewaiter.intake.existing.Origin;
import dev.tidewaiter.intake.existing.Proposal;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.secrets.SecretWriter.Written;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Prints what `import` found, and what became of it. No secret and no user name is in it.
final class ImportOutput {
  /// How many places a line names.
  private static final int NAMED = 3;

  private ImportOutput() {}

  /// @param declarations where they are; empty if nothing was written
  /// @param commands where the script is; empty for none
  record Document(
      List<Registry> registries,
      List<Environment> environments,
      List<Left> left,
      List<ProblemReport.Entry> notes,
      String declarations,
      String commands,
      String daemonSettings) {}

  /// @param vault `Written`, `Unchanged` or `Conflict`; empty if nothing was to be written
  /// @param insecure whether its declaration says `tls.insecure: true`
  record Registry(
      String name,
      String address,
      String credential,
      String vaultPath,
      String vault,
      boolean insecure,
      List<String> foundIn) {}

  record Environment(String name, List<String> namespaces, List<String> registries) {}

  record Left(String foundIn, String what, String reason) {}

  static void printNothing(Proposal proposal, DocumentFormat format, PrintWriter out) {
    switch (format) {
      case TEXT -> {
        printLeft(proposal, out);
        out.println("Nothing was found that can be declared; nothing was written.");
      }
      case JSON -> Output.json(out, document(proposal, Map.of(), List.of(), "", "", ""));
      case YAML -> Output.yaml(out, document(proposal, Map.of(), List.of(), "", "", ""));
    }
    out.flush();
  }

  static void print(
      Proposal proposal,
      MovingIn.Places places,
      MovingIn.Ended.Done done,
      DocumentFormat format,
      PrintWriter out) {
    switch (format) {
      case TEXT -> Output.lines(out, lines -> printText(proposal, places, done, lines));
      case JSON -> Output.json(out, document(proposal, places, done));
      case YAML -> Output.yaml(out, document(proposal, places, done));
    }
    out.flush();
  }

  private static void printText(
      Proposal proposal, MovingIn.Places places, MovingIn.Ended.Done done, PrintWriter out) {
    printRegistries(proposal, done.written(), out);
    for (Proposal.Environment environment : proposal.environments()) {
      out.println(
          "Environment %s: %s, with %s"
              .formatted(
                  environment.name(),
                  count(environment.namespaces().size(), "namespace"),
                  String.join(", ", environment.registries())));
    }
    rivals(proposal).forEach(out::println);
    out.println();
    printLeft(proposal, out);
    done.notes().forEach(note -> out.println("note: " + note));
    done.written()
        .values()
        .forEach(
            written -> {
              if (written instanceof Written.Different(String reason)) {
                out.println("conflict: " + reason);
              }
            });
    insecure(proposal).forEach(out::println);
    out.println("Declarations: " + places.declarations());
    if (done.commands()) {
      Path commands = places.commands();
      out.println("Secrets: run " + commands + "/write-to-vault.sh, then delete that directory.");
    }
    if (!done.settings().isEmpty()) {
      out.println("The daemon's configuration has to allow this, below `spec`:");
      out.println();
      out.print(Output.indented(done.settings()));
    }
  }

  private static void printRegistries(
      Proposal proposal, Map<String, Written> written, PrintWriter out) {
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("REGISTRY", "ADDRESS", "CREDENTIAL", "VAULT", "FOUND IN"));
    for (Proposal.Registry registry : proposal.registries()) {
      String vault = word(written.get(registry.name()));
      rows.add(
          List.of(
              registry.name(),
              registry.address().text(),
              registry.form(),
              vault.isEmpty() ? "-" : vault,
              foundIn(registry.origins())));
    }
    var widths = new int[5];
    rows.forEach(
        row -> {
          for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], row.get(i).length());
          }
        });
    for (List<String> row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
      }
      out.println(line.toString().stripTrailing());
    }
    if (!proposal.environments().isEmpty()) {
      out.println();
    }
  }

  private static String foundIn(List<Origin> origins) {
    String named =
        origins.stream().limit(NAMED).map(Origin::text).collect(Collectors.joining(", "));
    return origins.size() > NAMED ? named + " and " + (origins.size() - NAMED) + " more" : named;
  }

  /// Registries of one address, which somebody has to look at.
  private static List<String> rivals(Proposal proposal) {
    var names = new TreeMap<RegistryAddress, List<String>>();
    proposal
        .registries()
        .forEach(
            registry ->
                names
                    .computeIfAbsent(registry.address(), _ -> new ArrayList<>())
                    .add(registry.name()));
    return names.entrySet().stream()
        .filter(entry -> entry.getValue().size() > 1)
        .map(
            entry ->
                "conflict: %s has %d credentials, each a registry of its own: %s. Declare one where you can."
                    .formatted(
                        entry.getKey(),
                        entry.getValue().size(),
                        String.join(", ", entry.getValue())))
        .toList();
  }

  /// What is taken over although it protects nobody: the mark of one host becomes that of all.
  private static List<String> insecure(Proposal proposal) {
    return proposal.registries().stream()
        .filter(Proposal.Registry::isInsecure)
        .map(
            registry ->
                ("insecure: %s gets `tls.insecure: true`, as it was found. Every host that it is"
                        + " declared for accepts plain HTTP and any certificate of it. Declare its CA"
                        + " instead where you can: `tidewaiter trust %s`.")
                    .formatted(registry.name(), registry.address()))
        .toList();
  }

  /// What is left for the same reason, in one line.
  private static void printLeft(Proposal proposal, PrintWriter out) {
    var places = new LinkedHashMap<String, List<Origin>>();
    for (Found.Left left : proposal.left()) {
      places
          .computeIfAbsent(left.what() + ": " + left.reason(), _ -> new ArrayList<>())
          .add(left.origin());
    }
    places.forEach((reason, origins) -> out.println("left: " + foundIn(origins) + ": " + reason));
    if (!places.isEmpty()) {
      out.println();
    }
  }

  private static Document document(
      Proposal proposal, MovingIn.Places places, MovingIn.Ended.Done done) {
    return document(
        proposal,
        done.written(),
        done.notes(),
        places.declarations().toString(),
        done.commands() ? String.valueOf(places.commands()) : "",
        done.settings());
  }

  private static Document document(
      Proposal proposal,
      Map<String, Written> written,
      List<Problem> notes,
      String declarations,
      String commands,
      String settings) {
    return new Document(
        proposal.registries().stream()
            .map(
                registry ->
                    new Registry(
                        registry.name(),
                        registry.address().text(),
                        registry.form(),
                        registry.path(),
                        word(written.get(registry.name())),
                        registry.isInsecure(),
                        registry.origins().stream().map(Origin::text).toList()))
            .toList(),
        proposal.environments().stream()
            .map(e -> new Environment(e.name(), e.namespaces(), e.registries()))
            .toList(),
        proposal.left().stream()
            .map(left -> new Left(left.origin().text(), left.what(), left.reason()))
            .toList(),
        notes.stream().map(ProblemReport.Entry::of).toList(),
        declarations,
        commands,
        settings);
  }

  private static String word(@Nullable Written written) {
    return switch (written) {
      case Written.New() -> "Written";
      case Written.Same() -> "Unchanged";
      case Written.Different _ -> "Conflict";
      case Written.Failed _ -> "Failed";
      case null -> "";
    };
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
