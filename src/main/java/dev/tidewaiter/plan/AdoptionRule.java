package dev.tidewaiter.plan;

import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.Resource;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// One declared resource in whose place something foreign stands, and whether that becomes ours.
record AdoptionRule(Resource desired, ObservedResource observed, Draft draft) {
  /// Adds to the draft a conflict, or the update that makes the resource ours.
  void judge(Holding.Foreign foreign) {
    switch (foreign.adoption()) {
      case FORBIDDEN -> refuse(foreign.description() + " stands in its place." + hint());
      case IF_NOTHING_IS_LOST -> {
        Set<String> lost = lost();
        if (!lost.isEmpty()) {
          refuse(
              foreign.description()
                  + " stands in its place and would lose "
                  + String.join(", ", lost)
                  + ". Annotate it with tidewaiter.dev/adopt: \"replace\" if that is intended.");
        } else {
          adopt(hidesContent());
        }
      }
      case REPLACE -> adopt(!desired.isKnown());
    }
  }

  private void refuse(String detail) {
    draft.conflict(new Plan.Conflict(desired.id(), false, detail));
  }

  private String hint() {
    return switch (desired.id().kind().family()) {
      case SECRET ->
          " Delete it, or annotate it with tidewaiter.dev/adopt: \"true\" to hand it over.";
      case POLICY -> " Delete it to hand its name over.";
      case ACCOUNT, HOST -> " Remove it to hand its place over.";
    };
  }

  /// What an adoption would take away: at once, or in the next cycle as undeclared.
  private Set<String> lost() {
    var lost = new TreeSet<String>();
    observed
        .fields()
        .forEach(
            (name, field) -> {
              boolean kept =
                  switch (desired.fields().get(name)) {
                    case null -> false;
                    case DesiredField.Known(FieldValue after, _) -> field.value().equals(after);
                    case DesiredField.Withheld _ -> true;
                  };
              if (!kept) {
                lost.add(name);
              }
            });
    return lost;
  }

  /// Whether too little is known to say that nothing would be lost: a value that is withheld now
  /// would replace the present one later.
  private boolean hidesContent() {
    return !desired.isKnown()
        || observed.fields().keySet().stream()
            .anyMatch(name -> desired.fields().get(name) instanceof DesiredField.Withheld);
  }

  // Sets only: what is not declared becomes ours and is withdrawn in the next cycle, so that an
  // adoption that failed can never be followed by a withdrawal from something foreign.
  private void adopt(boolean unknown) {
    var set = new TreeMap<String, FieldChange>();
    desired
        .fields()
        .forEach(
            (name, field) -> {
              switch (field) {
                case DesiredField.Withheld(String reason) ->
                    draft.withhold(desired.id(), name, reason);
                case DesiredField.Known(FieldValue after, _) -> adoptField(name, after, set);
              }
            });
    if (!unknown) {
      draft.add(new Change.Update(desired.id(), set, true));
    }
  }

  private void adoptField(String name, FieldValue after, SortedMap<String, FieldChange> set) {
    ObservedField before = observed.fields().get(name);
    if (before == null) {
      set.put(name, new FieldChange.Added(after));
    } else if (!before.value().equals(after)) {
      set.put(name, new FieldChange.Replaced(before.value(), after));
    }
  }
}
