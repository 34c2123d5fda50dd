package dev.tidewaiter.policy;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a developer is told of an image, in one line: what stands before the image, and after it.
///
/// Both are constant for a verdict of a rule book, so that an API server can make the same sentence
/// of an image that only it knows. Kubernetes takes no message [with a line break or of more than 5
/// KiB](https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#message-expression):
/// hence [#shown], and the limit on the list.
public record Wording(String before, String after) {
  /// What stands for an image that cannot be shown on one line.
  public static final String NOT_SHOWN =
      "(of more than 1024 characters, or with some that no image reference has)";

  private static final int LONGEST_IMAGE = 1024;
  private static final int MOST_ENTRIES = 8;
  private static final int LONGEST_LIST = 2000;
  private static final String BEFORE = "image \"";

  public static Wording of(RuleBook rules, Verdict verdict) {
    String environment = " in environment \"" + rules.environment() + "\": ";
    return switch (verdict) {
      case Verdict.Allowed allowed ->
          new Wording(BEFORE, "\" is allowed" + environment + reason(rules, allowed.rule()));
      case Verdict.NotListed() -> denied(environment + notListed(rules));
      case Verdict.Inactive inactive -> denied(environment + inactive(inactive));
      case Verdict.Malformed() ->
          denied(
              environment
                  + "it is no valid image reference. Write it in the form"
                  + " registry.example/team/app:1.0, without a scheme or a user, and in lower"
                  + " case.");
    };
  }

  private static Wording denied(String rest) {
    return new Wording(BEFORE, "\" is not allowed" + rest);
  }

  private static String reason(RuleBook rules, @Nullable RepositoryPrefix rule) {
    return rule == null
        ? "no policy limits its registry."
        : "policy \"" + rules.policy() + "\" allows images from " + rule + ".";
  }

  private static String notListed(RuleBook rules) {
    List<RepositoryPrefix> allowed = rules.allowed();
    return "policy \""
        + rules.policy()
        + "\" allows only images from "
        + list(allowed == null ? List.of() : allowed)
        + ". Use an image from there, or ask for its registry in a pull request to the registry"
        + " declarations.";
  }

  private static String inactive(Verdict.Inactive inactive) {
    return "its registry "
        + inactive.address()
        + " is declared inactive, as \""
        + inactive.registry()
        + "\". Use an image from another registry, or ask for this one in a pull request to the"
        + " registry declarations.";
  }

  /// `a`, `a and b`, `a, b and c`, or with a number at the end of those left out.
  private static String list(List<RepositoryPrefix> entries) {
    int shown = 0;
    int length = 0;
    while (shown < Math.min(MOST_ENTRIES, entries.size()) && length <= LONGEST_LIST) {
      length += entries.get(shown).toString().length();
      shown++;
    }
    int left = entries.size() - shown;
    int commas = left > 0 || shown < 2 ? shown : shown - 1;
    String start =
        entries.stream()
            .limit(commas)
            .map(RepositoryPrefix::toString)
            .collect(Collectors.joining(", "));
    if (left > 0) {
      return start + " and " + left + " more";
    }
    return commas < shown ? start + " and " + entries.get(commas) : start;
  }

  /// What to write where no default registry can be applied to images without a host.
  ///
  /// @param rewritten what a default registry would make of the image
  public static String instead(String image, String rewritten) {
    return " Images without a host are not redirected here: instead of \""
        + image
        + "\" write \""
        + rewritten
        + "\".";
  }

  /// The sentence on an image.
  public String on(String image) {
    return before + shown(image) + after;
  }

  /// An image as a message may hold it: itself if it has at most 1024 characters, all of them
  /// printable ASCII without the space.
  public static String shown(String image) {
    boolean fits = !image.isEmpty() && image.length() <= LONGEST_IMAGE;
    return fits && image.chars().allMatch(c -> c > ' ' && c <= '~') ? image : NOT_SHOWN;
  }
}
