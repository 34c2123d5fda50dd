package dev.tidewaiter.cli;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidewaiter.cli.ImageCheck.Finding;
import dev.tidewaiter.cli.ImageCheck.Pull;
import dev.tidewaiter.cli.ImageCheck.Result;
import dev.tidewaiter.model.Visible;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What `verify` found out, in the form that programs read.
///
/// @param revision in force
/// @param passedOver the kinds of documents that hold no workload that is known
/// @param conditions what is true of the repository
record VerifyDocument(
    String revision, List<Image> images, List<String> passedOver, List<String> conditions)
    implements Printable {

  /// @param image in its canonical form; as written if it is no image reference
  /// @param result `found`, `missing`, `refused`, `invalid`, `unreachable` or `unknown`
  /// @param environment absent if none selects the namespace
  /// @param registry the declaration that serves it; absent if it is pulled as anybody
  /// @param digest absent if it is not known
  /// @param detail absent if there is nothing to say
  /// @param usedBy namespace, workload and file
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Image(
      String image,
      String result,
      @Nullable String environment,
      @Nullable String registry,
      @Nullable String digest,
      @Nullable String detail,
      List<String> usedBy) {

    static Image of(
        Pull pull,
        @Nullable Finding found,
        @Nullable String environment,
        Collection<String> users) {
      Finding finding = Objects.requireNonNull(found, "of each that was asked for");
      return new Image(
          pull.image().toString(),
          word(finding.result()),
          environment,
          finding.registry(),
          finding.digest().isEmpty() ? null : finding.digest(),
          finding.detail().isEmpty() ? null : finding.detail(),
          List.copyOf(users));
    }

    static Image invalid(String text, @Nullable String environment, Collection<String> users) {
      return new Image(
          text,
          word(Result.INVALID),
          environment,
          null,
          null,
          "this is no image reference",
          List.copyOf(users));
    }
  }

  private static String word(Result result) {
    return result.name().toLowerCase(Locale.ROOT);
  }

  @JsonIgnore
  List<Result> results() {
    return images.stream()
        .map(image -> Result.valueOf(image.result().toUpperCase(Locale.ROOT)))
        .toList();
  }

  @Override
  public void printText(PrintWriter out) {
    conditions.forEach(out::println);
    if (!images.isEmpty()) {
      int width =
          images.stream().mapToInt(image -> Visible.of(image.image()).length()).max().orElse(0);
      String row = "%-11s  %-" + Math.max(width, 5) + "s  %s%n";
      out.printf(row, "RESULT", "IMAGE", "PULLED WITH");
      for (Image image : images) {
        out.printf(row, image.result(), Visible.of(image.image()), with(image));
        if (image.detail() != null) {
          out.println("  " + Visible.of(image.detail()));
        }
        image.usedBy().forEach(user -> out.println("  used by " + Visible.of(user)));
      }
    }
    out.println(summary());
  }

  @Override
  public void printMarkdown(PrintWriter out) {
    out.println("**" + summary() + "**");
    conditions.forEach(condition -> out.println("\n- " + Visible.of(condition)));
    if (images.isEmpty()) {
      return;
    }
    out.println();
    out.println("| | image | pulled with | used by |");
    out.println("|---|---|---|---|");
    for (Image image : images) {
      String detail = image.detail() == null ? "" : "<br>" + Output.cell(image.detail());
      out.printf(
          "| %s | `%s`%s | %s | %s |%n",
          image.result(),
          Output.cell(image.image()),
          detail,
          Output.cell(with(image)),
          image.usedBy().stream().map(Output::cell).collect(Collectors.joining("<br>")));
    }
  }

  private static String with(Image image) {
    String in = image.environment() == null ? "" : " in " + image.environment();
    return (image.registry() == null ? "nothing, as anybody" : "Registry " + image.registry()) + in;
  }

  private String summary() {
    String counts =
        Arrays.stream(Result.values())
            .map(VerifyDocument::word)
            .filter(word -> count(word) > 0)
            .map(word -> count(word) + " " + word)
            .collect(Collectors.joining(", "));
    String looked = images.size() + (images.size() == 1 ? " image" : " images");
    String others =
        passedOver.isEmpty()
            ? ""
            : " (passed over: " + Visible.of(String.join(", ", passedOver)) + ")";
    return looked + (counts.isEmpty() ? "" : ": " + counts) + others;
  }

  private long count(String word) {
    return images.stream().filter(image -> image.result().equals(word)).count();
  }
}
