package dev.tidewaiter.cli.impact;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a change does to one environment on one cluster, in the form that programs read.
///
/// @param frozen why nothing of it is carried out, such as `suspend: All`; absent if it is
/// @param activation what becomes of new denials, or will once it is not frozen; absent if there is
///   none
/// @param unsupported what the cluster cannot do of what is declared
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Affected(
    String environment,
    String cluster,
    @Nullable String frozen,
    @Nullable Activation activation,
    List<String> unsupported,
    List<Entry> findings) {
  /// @param denied how many workloads would be denied at their next start
  /// @param maxDenied how many may be without approval
  /// @param critical those of the system's priority classes, which no approval covers
  /// @param held whether it is not activated until somebody approves
  /// @param policy the declaration in which to approve; absent if the environment names none
  /// @param approve what to write there; absent if nothing is held, or it cannot be approved
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Activation(
      int denied,
      int maxDenied,
      List<String> critical,
      boolean held,
      @Nullable String policy,
      @Nullable String approve) {}

  /// One effect on one image of a workload.
  ///
  /// @param effect `Denied`; `Warned`, `Audited` or `Unenforced` for what would be denied if it
  ///   were enforced; `Moved` or `Stripped`
  /// @param image as the workload writes it, whatever characters it has
  /// @param detail for people
  public record Entry(
      String effect,
      String kind,
      String namespace,
      String name,
      boolean critical,
      String image,
      String detail) {
    /// For people.
    public String workload() {
      return kind + "/" + namespace + "/" + name;
    }
  }
}
