package dev.tidewaiter.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// A plan as Markdown for a pull request: the counts, and each list in a block that readers can
/// unfold.
///
/// Everything that a cluster or a secret store had a say in stands inside code blocks, in lines
/// that cannot close them.
public final class PlanMarkdown {
  private final List<String> lines = new ArrayList<>();

  private PlanMarkdown() {}

  /// @param title the heading, such as environment and target
  public static String of(String title, Plan plan) {
    var markdown = new PlanMarkdown();
    markdown.lines.add("### " + title);
    markdown.lines.add("");
    markdown.lines.add("**" + PlanText.summary(plan) + "**");
    markdown.addBlock("Changes", "diff", diff(plan.changes()));
    markdown.addBlock("Frozen while suspended or detect-only", "diff", diff(plan.frozen()));
    markdown.addHeld(plan);
    markdown.addBlock("Held, because it would deny what runs", "diff", diff(plan.denials()));
    markdown.addBlock("Withheld", "text", each(plan.withheld(), PlanText::line));
    markdown.addBlock("In conflict", "text", each(plan.conflicts(), PlanText::line));
    return String.join("\n", markdown.lines) + "\n";
  }

  private void addHeld(Plan plan) {
    String approval = plan.approval();
    if (approval != null) {
      addBlock("Held until approved", "diff", diff(plan.held()));
      lines.add("");
      lines.add("To release them, write under `spec.prune` of the environment:");
      lines.add("");
      lines.add("```yaml");
      lines.add(PlanText.approvalLine(approval));
      lines.add("```");
    }
  }

  private void addBlock(String title, String language, List<String> block) {
    if (block.isEmpty()) {
      return;
    }
    lines.add("");
    lines.add("<details><summary>" + title + "</summary>");
    lines.add("");
    lines.add("```" + language);
    lines.addAll(block);
    lines.add("```");
    lines.add("");
    lines.add("</details>");
  }

  private static List<String> diff(List<Change> changes) {
    return changes.stream()
        .flatMap(change -> PlanText.lines(change).stream())
        .map(PlanMarkdown::marked)
        .toList();
  }

  // A diff block colours by the first character, and has `!` for what changes in place.
  private static String marked(String line) {
    String text = line.stripLeading();
    String mark = text.startsWith("~") ? "!" : text.substring(0, 1);
    return mark + line.substring(0, line.length() - text.length()) + text.substring(1);
  }

  private static <T> List<String> each(List<T> items, Function<T, String> line) {
    return items.stream().map(item -> "- " + line.apply(item)).toList();
  }
}
