package dev.tidewaiter.target.host.certsd;

import static dev.tidewaiter.target.host.certsd.TreeHost.all;
import static dev.tidewaiter.target.host.certsd.TreeHost.certificate;
import static dev.tidewaiter.target.host.certsd.TreeHost.declared;
import static dev.tidewaiter.target.host.certsd.TreeHost.denial;
import static dev.tidewaiter.target.host.certsd.TreeHost.hosts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.host.certsd.TreeHost.Declared;
import dev.tidewaiter.testbed.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DenialTest {
  private static final Declared REG = declared(hosts("reg.test"), "endpoint/1=https://reg.test");
  private static final Declared QUAY = declared(hosts("quay.test"), "endpoint/1=https://quay.test");
  private static final Declared BOTH =
      all(
          REG,
          QUAY,
          declared(
              denial(), "denied=present", "allowed/reg.test=present", "allowed/quay.test=present"));
  private static final Declared ONE =
      all(REG, declared(denial(), "denied=present", "allowed/reg.test=present"));

  @TempDir private Path directory;
  private TreeHost host;
  private Path file;

  @BeforeEach
  void createHost() throws Exception {
    host = TreeHost.create(directory);
    file = host.file(denial());
  }

  @Test
  void comesAndGoesWithEveryByte() throws Exception {
    Map<String, String> before = host.tree();
    assertConverges(BOTH);
    assertThat(file).content().contains("# admits: quay.test\n# admits: reg.test\n");
    assertConverges(ONE);
    assertThat(file).content().doesNotContain("quay.test");
    assertThat(host.directory("quay.test")).doesNotExist();
    assertConverges(BOTH);
    assertConverges(REG);
    assertThat(file).doesNotExist();
    assertConverges(Declared.nothing());
    assertThat(host.tree()).isEqualTo(before);
  }

  @Test
  void waitsForEveryDirectoryThatItAdmits() throws Exception {
    Files.createDirectories(host.directory("quay.test"));
    Path foreign = host.file(hosts("quay.test"));
    for (String text :
        List.of(
            "",
            "server =",
            "server = \"https://quay.test\"",
            "server = \"https://quay.test\"\n[host.\"https://m.test\"]\ncapabilities = [\"any\"]",
            "server = \"https://quay.test\"\n[host.\"https://m.test\"]\nca = \"gone.crt\"")) {
      Files.writeString(foreign, text);
      List<Outcome.Failed> failed = host.cycle(BOTH);
      assertThat(failed).as(text).hasSize(1);
      assertThat(failed.getFirst().reason()).isEqualTo(FailureReason.Unsafe);
      assertThat(failed.getFirst().detail()).contains("waits for /etc/containerd", "quay.test");
      assertThat(file).doesNotExist();
      assertThat(foreign).hasContent(text);
    }
    Path link = host.directory("quay.test").resolve("ca.pem");
    Files.createSymbolicLink(link, foreign);
    Files.writeString(
        foreign,
        "server = \"https://quay.test\"\n[host.\"https://m.test\"]\nca = [\"../quay.test/ca.pem\"]");
    assertThat(host.cycle(BOTH)).isEmpty();
    assertThat(file).exists();
  }

  @Test
  void refusesToCutTheMachineOff() throws Exception {
    host.denials().need("registry.k8s.test/pause:3.10");
    host.denials().need("reg.test/agent:1");
    List<Outcome.Failed> failed = host.cycle(ONE);
    assertThat(failed).extracting(Outcome.Failed::reason).containsExactly(FailureReason.Unsafe);
    assertThat(failed.getFirst().detail())
        .contains("registry.k8s.test/pause:3.10")
        .doesNotContain("agent");
    assertThat(file).doesNotExist();
    Files.createDirectories(host.directory("registry.k8s.test"));
    assertConverges(ONE);
  }

  @Test
  void takesNothingThatTheMachineNeedsFromTheList() throws Exception {
    assertConverges(BOTH);
    host.denials().need("quay.test/agent:1");
    Map<String, String> before = host.tree();
    for (Declared less : List.of(ONE, ONE.and(declared(hosts("quay.test"), "denied=present")))) {
      assertThat(host.cycle(less))
          .isNotEmpty()
          .allSatisfy(failure -> assertThat(failure.reason()).isEqualTo(FailureReason.Unsafe));
      assertThat(host.tree()).isEqualTo(before);
    }
  }

  @Test
  void comesBackToTheBytesFromBeforeIfItIsNotInForce() throws Exception {
    host.denials().refute("the runtime did not refuse the probe.");
    assertThat(host.cycle(ONE))
        .extracting(Outcome.Failed::reason)
        .containsExactly(FailureReason.NotEffective);
    assertThat(file.getParent()).doesNotExist();
    host.denials().refute("");
    assertConverges(ONE);
    String written = Files.readString(file);
    host.denials().refute("the runtime did not refuse the probe.");
    assertThat(host.cycle(BOTH)).hasSize(1);
    assertThat(file).hasContent(written);
    host.denials().refute("");
    assertConverges(BOTH);
  }

  @Test
  void neverLeavesADirectoryWithCertificatesAlone() throws Exception {
    assertConverges(ONE);
    TestCertificates.create(directory);
    String ca = Files.readString(directory.resolve("ca.pem"));
    Declared certificate = TreeHost.withContent(certificate("old.test", "ca.crt"), ca);
    Change create = host.plan(ONE.and(certificate)).changes().getFirst();
    assertThat(host.target().apply(TreeHost.ENVIRONMENT, create, certificate.payloads()))
        .isEqualTo(new Outcome.Applied());
    assertThat(host.file(hosts("old.test"))).content().contains("registry-denied.invalid");
    Declared denied = declared(hosts("old.test"), "denied=present");
    assertConverges(all(ONE, certificate, denied));
    Outcome _ =
        host.target()
            .apply(TreeHost.ENVIRONMENT, new Change.Prune(hosts("old.test")), denied.payloads());
    assertThat(host.directory("old.test")).doesNotExist();
    assertConverges(ONE);
  }

  @Test
  void keepsWhatItStillAdmits() throws Exception {
    assertConverges(ONE);
    Outcome outcome =
        host.target()
            .apply(TreeHost.ENVIRONMENT, new Change.Prune(hosts("reg.test")), REG.payloads());
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    assertThat(host.file(hosts("reg.test"))).exists();
  }

  @Test
  void putsRightWhatSomebodyEdited() throws Exception {
    assertConverges(ONE);
    String written = Files.readString(file);
    for (String edited :
        List.of(
            "",
            written.replace("push", "pull"),
            written.replace("# admits: reg.test\n", ""),
            written.replace("# admits: reg.test\n", "# admits: ../reg.test\n# admits: \n"),
            written.replace("# admits: reg", "# admits: evil"))) {
      Files.writeString(file, edited);
      assertConverges(ONE);
      assertThat(file).hasContent(written);
    }
  }

  @Test
  void keepsARegistryDeniedWhereSomebodyElseHasFiles() throws Exception {
    Declared two = all(ONE, declared(hosts("old.test"), "denied=present"));
    assertConverges(two);
    Path note = Files.writeString(host.directory("old.test").resolve("README"), "ours");
    List<Outcome.Failed> failed = host.cycle(ONE);
    assertThat(failed).extracting(Outcome.Failed::reason).containsExactly(FailureReason.Unsafe);
    assertThat(failed.getFirst().detail()).contains("/etc/containerd/certs.d/old.test");
    assertThat(host.file(hosts("old.test"))).content().contains("registry-denied.invalid");
    Files.delete(note);
    assertConverges(ONE);
    assertThat(host.directory("old.test")).doesNotExist();
  }

  @Test
  void takesNothingThatTheDefaultOfSomebodyElseServes() throws Exception {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "server = \"https://mirror.test\"\n[host.\"https://mirror.test\"]\n");
    Map<String, String> before = host.tree();
    assertThat(host.cycle(ONE)).isNotEmpty();
    assertThat(host.tree()).isEqualTo(before);
  }

  @Test
  void namesWhatOthersMadeBesideIt() throws Exception {
    assertThat(foreign()).isEmpty();
    assertConverges(all(ONE, declared(hosts("old.test:5000"), "denied=present")));
    for (String name :
        List.of("evil.test", "REG.test", "reg.test_443_", "old.test_5000_", "denied.test")) {
      Files.createDirectories(host.directory(name));
    }
    Files.createSymbolicLink(host.directory("link.test"), host.directory("evil.test"));
    Files.createDirectories(host.directory(".hidden"));
    Files.writeString(host.directory("README.md"), "no directory");
    Files.copy(file, host.directory("denied.test").resolve("hosts.toml"));
    assertThat(foreign())
        .containsExactly(
            admits("REG.test", "REG.test"),
            admits("evil.test", "evil.test"),
            admits("link.test", "link.test"),
            "/etc/containerd/certs.d/old.test_5000_: a directory that somebody else made takes the"
                + " place of ours for old.test:5000; remove it.",
            admits("reg.test_443_", "reg.test:443"));
    assertConverges(all(ONE, declared(hosts("old.test:5000"), "denied=present")));
  }

  private static String admits(String name, String registry) {
    return "/etc/containerd/certs.d/%s: a directory that somebody else made admits %s; remove it, or put %s on the allow-list."
        .formatted(name, registry, registry);
  }

  private List<String> foreign() throws Exception {
    return host.hostsFiles().foreignDirectories(TreeHost.TREE).stream()
        .map(ForeignDirectory::toString)
        .toList();
  }

  private void assertConverges(Declared declared) throws Exception {
    assertThat(host.cycle(declared)).isEmpty();
    assertThat(host.plan(declared).changes()).isEmpty();
  }
}
