package dev.tidewaiter.serve;

import dev.tidewaiter.model.Visible;
import dev.tidewaiter.policy.Workload;
import dev.tidewaiter.reconcile.activation.Activation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What new denials would do to what runs, as programs read it: all of it, however many there are.
///
/// @param held whether they wait
/// @param denied workloads that would be denied at their next start
/// @param approval what to write into `activation.approve` to activate them all the same; null if
///   nothing has to be, or nothing helps
/// @param unknown why it could not be told what runs; null if it could
public record ActivationDocument(
    boolean held,
    List<WorkloadDocument> denied,
    @Nullable String approval,
    @Nullable String unknown) {

  /// @param critical whether the cluster itself depends on it: no approval covers it
  public record WorkloadDocument(
      String kind, String namespace, String name, boolean critical, List<ImageDocument> images) {
    static WorkloadDocument of(Activation.Denied denied) {
      Workload workload = denied.workload();
      return new WorkloadDocument(
          workload.kind(),
          workload.namespace(),
          workload.name(),
          workload.critical(),
          denied.images().stream()
              .map(image -> new ImageDocument(image.image(), image.reason()))
              .toList());
    }

    /// `Deployment/shop/web`
    public String title() {
      return kind + "/" + namespace + "/" + name + (critical ? " (critical)" : "");
    }
  }

  /// @param image as the workload writes it
  public record ImageDocument(String image, String reason) {}

  /// @return null if nothing is newly denied
  public static @Nullable ActivationDocument of(@Nullable Activation activation) {
    return activation == null
        ? null
        : new ActivationDocument(
            activation.held(),
            activation.denied().stream().map(WorkloadDocument::of).toList(),
            activation.approval(),
            activation.unknown());
  }

  /// For people: a heading, a line for each workload and for each of its images; none if no
  /// workload is denied. Names and reasons are [Visible]: none makes a line of its own.
  public List<String> lines() {
    if (denied.isEmpty()) {
      return List.of();
    }
    var lines = new ArrayList<String>();
    lines.add(
        (held ? "Held: would be denied at the next start" : "Denied at the next start")
            + " ("
            + denied.size()
            + "):");
    for (WorkloadDocument workload : denied) {
      lines.add("  " + Visible.of(workload.title()));
      workload
          .images()
          .forEach(
              image -> lines.add("      " + Visible.of(image.image() + ": " + image.reason())));
    }
    return lines;
  }
}
