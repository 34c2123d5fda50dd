package dev.tidewaiter.plan;

import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Visible;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A plan as text for people: one line for each change, its fields below it, then what is not done
/// and why.
///
/// ```
/// + Secret/shop/registry-credentials
///     + auths/quay.io: ***
/// ~ Secret/stock/registry-credentials
///     ~ auths/quay.io: *** (changed)
///
/// 1 to create, 1 to update, 0 to prune; 3 unchanged
/// ```
///
/// It ends with a line feed. Names and reasons are [Visible], so that nothing from a cluster steers
/// the terminal.
public final class PlanText {
  /// They are programs in Go, which reads the system's trust store once: tested with dockerd 20.10
  /// and containerd 1.6.
  private static final String RESTART =
      "restart dockerd, containerd and CRI-O to bring this into force; podman needs none";

  private final List<String> lines = new ArrayList<>();

  private PlanText() {}

  public static String of(Plan plan) {
    var text = new PlanText();
    plan.changes().forEach(text::addChange);
    text.addFrozen(plan);
    text.addHeld(plan);
    text.addDenials(plan);
    text.addWithheld(plan);
    text.addConflicts(plan);
    if (!text.lines.isEmpty()) {
      text.lines.add("");
    }
    text.lines.add(summary(plan));
    return String.join("\n", text.lines) + "\n";
  }

  /// One sentence of counts: what is done, then what is not.
  static String summary(Plan plan) {
    var parts = new ArrayList<String>();
    parts.add(plan.unchanged().size() + " unchanged");
    addCount(parts, plan.withheld().size(), "withheld");
    addCount(parts, plan.held().size() + plan.denials().size(), "held");
    addCount(parts, plan.conflicts().size(), "in conflict");
    addCount(parts, plan.frozen().size(), "frozen");
    return count(plan, Change.Create.class)
        + " to create, "
        + count(plan, Change.Update.class)
        + " to update, "
        + count(plan, Change.Prune.class)
        + " to prune; "
        + String.join(", ", parts);
  }

  /// A resource as people read it: a file of a host by its path.
  public static String name(ResourceId id) {
    return ChangeTitle.subject(id);
  }

  /// A change and its fields, as lines without the line feed.
  static List<String> lines(Change change) {
    var text = new PlanText();
    text.addChange(change);
    return List.copyOf(text.lines);
  }

  /// How one withheld field or resource is explained, on one line.
  static String line(Plan.Withheld withheld) {
    String field = withheld.field() == null ? "" : " " + withheld.field();
    return Visible.of(withheld.id() + field + ": " + withheld.reason());
  }

  /// How one conflict is explained, on one line.
  static String line(Plan.Conflict conflict) {
    return Visible.of(
        conflict.id() + (conflict.contested() ? " (contested): " : ": ") + conflict.detail());
  }

  /// What to write to release what is held.
  static String approvalLine(String approval) {
    return "approve: \"" + approval + "\"";
  }

  private static long count(Plan plan, Class<? extends Change> kind) {
    return plan.changes().stream().filter(kind::isInstance).count();
  }

  private static void addCount(List<String> parts, int count, String word) {
    if (count > 0) {
      parts.add(count + " " + word);
    }
  }

  private void addHeld(Plan plan) {
    String approval = plan.approval();
    if (approval != null) {
      addHeading("Held: these withdrawals wait for an approval in Git.");
      plan.held().forEach(this::addChange);
      lines.add("To release them, write under spec.prune of the environment:");
      lines.add("    " + approvalLine(approval));
    }
  }

  private void addDenials(Plan plan) {
    if (!plan.denials().isEmpty()) {
      addHeading("Held: these changes would deny what runs, and what is in force stays.");
      plan.denials().forEach(this::addChange);
    }
  }

  private void addFrozen(Plan plan) {
    if (!plan.frozen().isEmpty()) {
      addHeading("Frozen: not carried out while the environment is suspended or only detects.");
      plan.frozen().forEach(this::addChange);
    }
  }

  private void addWithheld(Plan plan) {
    if (!plan.withheld().isEmpty()) {
      addHeading("Withheld: what exists stays until the value is known.");
      plan.withheld().forEach(withheld -> lines.add("? " + line(withheld)));
    }
  }

  private void addConflicts(Plan plan) {
    if (!plan.conflicts().isEmpty()) {
      addHeading("In conflict: something that is not ours stands there.");
      plan.conflicts().forEach(conflict -> lines.add("! " + line(conflict)));
    }
  }

  private void addHeading(String heading) {
    if (!lines.isEmpty()) {
      lines.add("");
    }
    lines.add(heading);
  }

  private void addChange(Change change) {
    ChangeTitle title = ChangeTitle.of(change);
    switch (change) {
      case Change.Create(_, var fields) -> {
        lines.add(Visible.of("+ " + title.text()));
        if (!title.saysAll()) {
          fields.forEach((name, value) -> addField("+ " + name + ": " + shown(value)));
        }
      }
      case Change.Update(_, var fields, _) -> {
        lines.add(Visible.of("~ " + title.text()));
        fields.entrySet().forEach(field -> addField(shown(field)));
      }
      case Change.Prune _ -> lines.add(Visible.of("- " + title.text()));
    }
    if (change.id().kind() == ResourceKind.TRUSTED_CERTIFICATE) {
      addField(RESTART);
    }
  }

  private void addField(String line) {
    lines.add("    " + Visible.of(line));
  }

  private static String shown(Map.Entry<String, FieldChange> field) {
    String name = field.getKey();
    return switch (field.getValue()) {
      case FieldChange.Added(FieldValue after) -> "+ " + name + ": " + shown(after);
      case FieldChange.Dropped _ -> "- " + name;
      case FieldChange.Replaced(FieldValue.Plain before, FieldValue.Plain after) ->
          "~ " + name + ": " + before + " -> " + after;
      case FieldChange.Replaced _ -> "~ " + name + ": *** (changed)";
    };
  }

  private static String shown(FieldValue value) {
    return switch (value) {
      case FieldValue.Plain(String text) -> text;
      case FieldValue.Sealed _, FieldValue.Minted _ -> "***";
    };
  }
}
