package dev.tidewaiter.policy;

import java.util.Optional;

/// One line of the table: what becomes of an image under a rule book.
///
/// @param place file and line
/// @param book name of the rule book, which is its environment's too
/// @param image as a pod names it
/// @param pulled what the default registry makes of it; the image itself if it leaves it
/// @param verdict on what would be pulled
public record ImageCase(
    String place, String book, Regime regime, String image, String pulled, Verdict verdict) {
  /// Empty if the default registry leaves the image, or there is none.
  public Optional<String> rewritten() {
    return pulled.equals(image) ? Optional.empty() : Optional.of(pulled);
  }

  /// Whether API servers ask policies about the image: an empty one, or one with white space at an
  /// end, they refuse by themselves.
  ///
  /// Source: [validation of
  /// pods](https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/core/validation/validation.go)
  public boolean reachesPolicies() {
    return GeneratedImages.reachesPolicies(image);
  }

  @Override
  public String toString() {
    return place + " [" + book + "] " + Wording.shown(image);
  }
}
