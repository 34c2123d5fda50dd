package dev.tidewaiter.target.host.containers;

import static dev.tidewaiter.target.host.containers.ContainersHost.POLICY;
import static dev.tidewaiter.target.host.containers.ContainersHost.allows;
import static dev.tidewaiter.target.host.containers.ContainersHost.applied;
import static dev.tidewaiter.target.host.containers.ContainersHost.failed;
import static dev.tidewaiter.target.host.containers.ContainersHost.regime;
import static dev.tidewaiter.target.host.containers.ContainersScenario.OPEN;
import static dev.tidewaiter.target.host.containers.ContainersScenario.PLAIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.Proof;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The policy of a machine that somebody else wrote.
record ForeignPolicyScenario(ContainersHost host, Path directory) {
  void tellsWhoWeakensTheList() throws Exception {
    String foreign =
        """
        {"default": [{"type": "insecureAcceptAnything"}],
         "transports": {"docker": {"wide.test": [{"type": "insecureAcceptAnything"}],
           "signed.test": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "/k"}]},
          "docker-daemon": {"": [{"type": "insecureAcceptAnything"}]}}}
        """;
    Files.writeString(host.policyJson(), foreign);
    applied(host.apply(allows(PLAIN, "signed.test")));
    assertThat(Files.readString(host.policyJson()))
        .contains(
            "\"signed.test\": [{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", \"keyPath\": \"/k\"}]")
        .contains("\"wide.test\": [{\"type\": \"insecureAcceptAnything\"}]");
    assertThat(host.runtime().prove(regime(PLAIN, "signed.test")))
        .isInstanceOfSatisfying(
            Proof.Inconclusive.class,
            proof -> assertThat(proof.detail()).contains("wide.test").doesNotContain("signed"));
    applied(host.apply(new Change.Prune(POLICY)));
    assertThat(host.policyJson()).hasContent(foreign.strip());

    String wide = foreign.replace("wide.test", "");
    Files.writeString(host.policyJson(), wide);
    applied(host.apply(allows(PLAIN)));
    assertThat(host.runtime().prove(regime(PLAIN)))
        .isInstanceOfSatisfying(
            Proof.Inconclusive.class,
            proof -> assertThat(proof.detail()).contains("every registry"));
    applied(host.apply(new Change.Prune(POLICY)));
    Files.writeString(host.policyJson(), OPEN);
  }

  void touchesNoPolicyThatItDoesNotUnderstand() throws Exception {
    for (String malformed :
        List.of(
            "",
            "{\"default\": [",
            "{\"default\": [{\"type\": \"insecureAcceptAnything\"}], \"x\": 1}",
            "{\"default\": [{\"type\": \"no-such\"}]}",
            "{\"default\": [{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", \"keyPath\": \"/k\"}]}")) {
      Files.writeString(host.policyJson(), malformed);
      failed(host.apply(allows(PLAIN)), FailureReason.Unsafe);
      assertThat(Files.readString(host.policyJson())).isEqualTo(malformed);
    }
    Path elsewhere = Files.writeString(directory.resolve("elsewhere.json"), OPEN);
    Files.delete(host.policyJson());
    Files.createSymbolicLink(host.policyJson(), elsewhere);
    failed(host.apply(allows(PLAIN)), FailureReason.Unsafe);
    assertThat(elsewhere).hasContent(OPEN);
    Files.delete(host.policyJson());
    applied(host.apply(allows(PLAIN)));
    applied(host.apply(new Change.Prune(POLICY)));
    assertThat(host.policyJson()).doesNotExist();
    Files.writeString(host.policyJson(), OPEN);
  }
}
