package dev.tidewaiter.policy;

import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.model.RegistryAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a change of an environment's regime does to its workloads.
///
/// @param findings by workload, in the order of kind, namespace and name; one image may have
///   several
public record Impact(List<Finding> findings) {
  /// @param image as the workload writes it
  public record Finding(Workload workload, String image, Effect effect) {}

  private static final Comparator<Workload> ORDER =
      Comparator.comparing(Workload::kind)
          .thenComparing(Workload::namespace)
          .thenComparing(Workload::name);

  /// Denied is only what was admitted before. What was denied and still is, is nothing new. Moved
  /// is what names another repository, not what is written in another way. Stripped is judged on
  /// what is pulled afterwards, whether or not it is denied: containers of running pods are started
  /// again without asking anybody.
  ///
  /// @param before null if nothing was governed
  /// @param after null if nothing will be
  public static Impact between(
      @Nullable Regime before, @Nullable Regime after, List<Workload> workloads) {
    return new Impact(
        workloads.stream()
            .sorted(ORDER)
            .flatMap(workload -> findings(before, after, workload))
            .toList());
  }

  private static Stream<Finding> findings(
      @Nullable Regime before, @Nullable Regime after, Workload workload) {
    return workload.images().stream()
        .flatMap(
            image ->
                Stream.of(
                        denied(before, after, image),
                        moved(before, after, image),
                        stripped(before, after, image))
                    .flatMap(Optional::stream)
                    .map(effect -> new Finding(workload, image, effect)));
  }

  private static Optional<Effect> denied(
      @Nullable Regime before, @Nullable Regime after, String image) {
    if (after == null || (before != null && !before.judge(image).isAllowed())) {
      return Optional.empty();
    }
    Verdict verdict = after.judge(image);
    return verdict.isAllowed() ? Optional.empty() : Optional.of(new Effect.Denied(verdict));
  }

  private static Optional<Effect> moved(
      @Nullable Regime before, @Nullable Regime after, String image) {
    String from = pulled(before, image);
    String to = pulled(after, image);
    return RepositoryName.of(from).equals(RepositoryName.of(to))
        ? Optional.empty()
        : Optional.of(new Effect.Moved(from, to));
  }

  private static Optional<Effect> stripped(
      @Nullable Regime before, @Nullable Regime after, String image) {
    return ImageReference.parse(pulled(after, image))
        .flatMap(ImageReference::address)
        .map(RegistryAddress::canonical)
        .filter(address -> before != null && before.credentials().contains(address))
        .filter(address -> after == null || !after.credentials().contains(address))
        .map(Effect.Stripped::new);
  }

  private static String pulled(@Nullable Regime regime, String image) {
    return regime == null ? image : regime.admitted(image);
  }

  /// Workloads of which at least one image would be denied, each once.
  public List<Workload> denied() {
    return findings.stream()
        .filter(finding -> finding.effect() instanceof Effect.Denied)
        .map(Finding::workload)
        .distinct()
        .toList();
  }
}
