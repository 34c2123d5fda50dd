package dev.tidewaiter.reconcile.activation;

import dev.tidewaiter.policy.Workload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a cycle found out about the workloads that new denials would break, and what it decided.
///
/// @param held whether the denials wait; else they are in force, or will be when the plan is
///   applied
/// @param denied workloads that would be denied at their next start and would not be now, sorted by
///   kind, namespace and name
/// @param approval what to write into `activation.approve` to activate them all the same; null if
///   nothing has to be, or nothing that is written would help
/// @param unknown why it could not be told what runs; null if it could
public record Activation(
    boolean held, List<Denied> denied, @Nullable String approval, @Nullable String unknown) {
  public Activation {
    denied = List.copyOf(denied);
  }

  /// A workload, and those of its images that are the reason.
  public record Denied(Workload workload, List<Image> images) {
    public Denied {
      images = List.copyOf(images);
    }
  }

  /// @param image as the workload writes it, whatever characters it has
  /// @param reason a few words for people, which may quote the image
  public record Image(String image, String reason) {}

  /// Those that no approval covers, because the cluster itself depends on them.
  public List<Denied> critical() {
    return denied.stream().filter(one -> one.workload().critical()).toList();
  }
}
