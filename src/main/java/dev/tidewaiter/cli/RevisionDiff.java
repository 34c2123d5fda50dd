package dev.tidewaiter.cli;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidewaiter.cli.DeclaredFacts.Fact;
import dev.tidewaiter.cli.DeclaredFacts.Subject;
import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.Environment;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What changes between two revisions in the access that is declared, in the form that programs
/// read.
///
/// @param from the revision before
/// @param to the revision after, or what else is compared with it
/// @param environments those of which something differs, by name
record RevisionDiff(String from, String to, List<Changed> environments) implements Printable {
  private static final Subject ENVIRONMENT = new Subject(Aspect.STATE, "");

  /// One environment.
  ///
  /// @param change `Added`, `Removed` or `Changed`
  record Changed(String environment, String change, List<Difference> differences) {}

  /// @param change `Added`, `Removed` or `Changed`
  /// @param what of which aspect, such as `allowed`
  /// @param name empty where there is only one
  /// @param before absent if it is added, or if there is nothing to say but that it was there
  /// @param after the same for what is afterwards
  /// @param declared file and line, of the revision after if it is there still
  /// @param risk absent if there is none
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Difference(
      String change,
      String what,
      String name,
      @Nullable String before,
      @Nullable String after,
      String declared,
      @Nullable Risk risk) {
    /// `registry quay`
    String title() {
      return name.isEmpty() ? what : what + " " + name;
    }
  }

  /// @param only the one environment to compare; null for all
  static RevisionDiff between(Comparison compared, @Nullable String only) {
    Declarations before = compared.before().declarations();
    Declarations after = compared.after().declarations();
    var names = new TreeSet<>(before.environments().keySet());
    names.addAll(after.environments().keySet());
    names.removeIf(name -> only != null && !only.equals(name));
    return new RevisionDiff(
        compared.before().revision(),
        compared.after().revision(),
        names.stream()
            .map(name -> changed(name, before, after))
            .flatMap(Optional::stream)
            .toList());
  }

  private static Optional<Changed> changed(String name, Declarations before, Declarations after) {
    Environment was = before.environments().get(name);
    Environment is = after.environments().get(name);
    SortedMap<Subject, Fact> old = facts(before, was);
    SortedMap<Subject, Fact> current = facts(after, is);
    var risks = new Risks(before, after, is);
    var subjects = new TreeSet<>(current.keySet());
    // Of what goes as a whole only that it goes is worth a line.
    boolean goes = is == null || is.state() == Environment.State.RETIRED;
    subjects.addAll(goes ? List.of(ENVIRONMENT) : old.keySet());
    var differences = new ArrayList<Difference>();
    for (Subject subject : subjects) {
      difference(subject, old.get(subject), current.get(subject), was == null ? null : risks)
          .ifPresent(differences::add);
    }
    return differences.isEmpty()
        ? Optional.empty()
        : Optional.of(new Changed(name, change(was, is), List.copyOf(differences)));
  }

  private static SortedMap<Subject, Fact> facts(
      Declarations declarations, @Nullable Environment environment) {
    return environment == null
        ? Collections.emptySortedMap()
        : DeclaredFacts.of(declarations, environment);
  }

  /// @param risks null if the environment is new, so that nobody can lose anything
  private static Optional<Difference> difference(
      Subject subject, @Nullable Fact old, @Nullable Fact current, @Nullable Risks risks) {
    String was = old == null ? null : old.value();
    String is = current == null ? null : current.value();
    if (Objects.equals(was, is)) {
      return Optional.empty();
    }
    Fact shown = current == null ? Objects.requireNonNull(old, "one of both is there") : current;
    return Optional.of(
        new Difference(
            change(was, is),
            subject.aspect().word(),
            subject.name(),
            emptyToNull(was),
            emptyToNull(is),
            shown.place().toString(),
            risks == null ? null : risks.of(subject, was, is)));
  }

  private static String change(@Nullable Object was, @Nullable Object is) {
    if (was == null) {
      return "Added";
    }
    return is == null ? "Removed" : "Changed";
  }

  private static @Nullable String emptyToNull(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  @JsonIgnore
  boolean isEmpty() {
    return environments.isEmpty();
  }

  @Override
  public void printText(PrintWriter out) {
    RevisionDiffText.print(this, out);
  }

  @Override
  public void printMarkdown(PrintWriter out) {
    RevisionDiffText.printMarkdown(this, out);
  }
}
