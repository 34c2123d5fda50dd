package dev.tidewaiter.target.host;

import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.FieldChange;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// Which fields of a shared file a change sets, and which it drops.
public record Edit(SortedSet<String> set, SortedSet<String> dropped) {
  public Edit {
    set = Collections.unmodifiableSortedSet(new TreeSet<>(set));
    dropped = Collections.unmodifiableSortedSet(new TreeSet<>(dropped));
  }

  /// @param owned the fields that are ours: only these are ever dropped
  public static Edit of(Change change, Set<String> owned) {
    var set = new TreeSet<String>();
    var dropped = new TreeSet<String>();
    switch (change) {
      case Change.Create create -> set.addAll(create.fields().keySet());
      case Change.Prune _ -> dropped.addAll(owned);
      case Change.Update update ->
          update
              .fields()
              .forEach(
                  (field, what) -> {
                    switch (what) {
                      case FieldChange.Added _, FieldChange.Replaced _ -> set.add(field);
                      case FieldChange.Dropped _ -> dropped.add(field);
                    }
                  });
    }
    dropped.retainAll(owned);
    return new Edit(set, dropped);
  }
}
