package dev.tidewaiter.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.desired.Capability;
import dev.tidewaiter.testbed.Matrix.Shown;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How the README's matrix comes from what tests have shown.
class MatrixTest {
  @ParameterizedTest
  @CsvSource({
    "docker, 20.10.24, DOCKER_20_10",
    "docker, 20.10.24+dfsg1, DOCKER_20_10",
    "docker, 29.0.0, DOCKER_GRAPH_DRIVER",
    "docker, 28.5.2 with the overlay2 graph driver, DOCKER_GRAPH_DRIVER",
    "docker, 29.0.0 with the containerd image store, DOCKER_CONTAINERD_STORE",
    "containerd, 1.6.20, CONTAINERD_1",
    "containerd, 2.2.9, CONTAINERD_2",
    "podman, 4.3.1, PODMAN",
    "crio, 1.34.1, CRIO",
    "kubelet, 1.36.3, KUBELET",
    "system, Debian 12, TRUST_STORE_OF_THE_SYSTEM",
  })
  void everyVersionHasItsColumn(String runtime, String version, MatrixColumn column) {
    assertThat(MatrixColumn.of(runtime, version)).isEqualTo(column);
  }

  @ParameterizedTest
  @CsvSource({"docker, 26.1.5", "containers, podman 4.3.1", "rkt, 1.30.0", "docker, ''"})
  void whatHasNoColumnIsAMistakeOfTheTest(String runtime, String version) {
    assertThatThrownBy(() -> MatrixColumn.of(runtime, version))
        .hasMessageContaining("columns of the matrix");
  }

  @Test
  void aCellNamesTheNewestVersionThatWasTested() {
    var table =
        new MatrixTable(
            List.of(
                works(MatrixColumn.CONTAINERD_2, Capability.CA, "2.2.9"),
                works(MatrixColumn.CONTAINERD_2, Capability.CA, "2.2.10"),
                works(MatrixColumn.CONTAINERD_2, Capability.CA, "2.1.11")));
    assertThat(table.text()).contains("Tested 2.2.10").doesNotContain("2.2.9", "2.1.11");
  }

  @Test
  void whatNoTestHasShownIsFromSourceOrUnsupported() {
    String untested = new MatrixTable(List.of()).text();
    assertThat(untested).doesNotContain("Tested").contains("From source", "Unsupported");
    assertThat(untested.lines()).hasSize(2 + Capability.values().length);
    assertThat(untested).contains("| the allow-list | Unsupported | Unsupported | From source |");
  }

  @Test
  void whatWasReportedAsNotEnforceableIsNotSaidToWork() {
    var refused = new Shown(MatrixColumn.DOCKER_20_10, Capability.ALLOW_LIST, false, "20.10.24");
    assertThat(new MatrixTable(List.of(refused)).text()).contains("| the allow-list | Unsupported");
    var both =
        List.of(refused, works(MatrixColumn.DOCKER_20_10, Capability.ALLOW_LIST, "20.10.24"));
    assertThatThrownBy(() -> new MatrixTable(both).text()).hasMessageContaining("Docker 20.10");
    var claimed = new Shown(MatrixColumn.PODMAN, Capability.ALLOW_LIST, false, "4.3.1");
    assertThatThrownBy(() -> new MatrixTable(List.of(claimed)).text())
        .hasMessageContaining("Podman");
  }

  @Test
  void onlyWhatIsBetweenTheMarksIsReplaced() {
    String text =
        "before\n<!-- matrix: made by `make matrix` -->\nold\n<!-- end of matrix -->\nafter\n";
    var table = new MatrixTable(List.of());
    String made = table.replacedIn(text);
    assertThat(made)
        .startsWith("before\n<!-- matrix: made by `make matrix` -->\n\n| what |")
        .endsWith("|\n\n<!-- end of matrix -->\nafter\n")
        .doesNotContain("old");
    assertThat(table.replacedIn(made)).isEqualTo(made);
    assertThatThrownBy(() -> table.replacedIn("no marks")).hasMessageContaining("no marks");
  }

  private static Shown works(MatrixColumn column, Capability capability, String version) {
    return new Shown(column, capability, true, version);
  }
}
