package dev.tidewaiter.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What people read of changes on hosts.
class ChangeTitleTest {
  private static final ResourceId DENIAL =
      new ResourceId(ResourceKind.DENIAL, "docker", "etc/docker/certs.d/_default/hosts.toml");
  private static final ResourceId POLICY =
      new ResourceId(ResourceKind.SIGNATURE_POLICY, "containers", "etc/containers/policy.json");

  @Test
  void saysWhatADenialRefusesAndNoMore() {
    assertThat(lines(create(DENIAL, "allowed/ghcr.io", "allowed/quay.io", "denied")))
        .isEqualTo(
            "+ denial /etc/docker/certs.d/_default/hosts.toml: every registry but ghcr.io, quay.io"
                + " is refused");
    assertThat(lines(new Change.Prune(DENIAL)))
        .isEqualTo(
            "- denial /etc/docker/certs.d/_default/hosts.toml: no registry is refused any more");
  }

  @Test
  void showsSomeOfALongListAndHowManyMore() {
    String[] fields =
        IntStream.range(100, 120)
            .mapToObj(i -> "allowed/r" + i + ".example")
            .toArray(String[]::new);
    String[] all = Arrays.copyOf(fields, fields.length + 1);
    all[fields.length] = "denied";
    assertThat(lines(create(DENIAL, all)))
        .contains("r107.example and 12 more is refused")
        .doesNotContain("r108");
  }

  @Test
  void showsWhatOneEntryOfADenialBecomes() {
    var added = new TreeMap<String, FieldChange>();
    added.put("allowed/ghcr.io", new FieldChange.Added(new FieldValue.Plain("present")));
    assertThat(lines(new Change.Update(DENIAL, added, false)))
        .isEqualTo(
            """
            ~ denial /etc/docker/certs.d/_default/hosts.toml
                + allowed/ghcr.io: present""");
  }

  @Test
  void tellsAPolicyThatBeginsToRefuseFromOneThatEnds() {
    var begins = new TreeMap<String, FieldChange>();
    var ends = new TreeMap<String, FieldChange>();
    for (String field : new String[] {"default", "allow/quay.io/acme"}) {
      var value = new FieldValue.Plain(field.equals("default") ? "reject" : "present");
      begins.put(field, new FieldChange.Added(value));
      ends.put(field, new FieldChange.Dropped(value));
    }
    assertThat(lines(new Change.Update(POLICY, begins, false)))
        .startsWith(
            "~ policy.json /etc/containers/policy.json: every registry but quay.io/acme is refused\n");
    assertThat(lines(new Change.Update(POLICY, ends, false)))
        .startsWith("~ policy.json /etc/containers/policy.json: no registry is refused any more\n");
  }

  @Test
  void namesAFileByItsPathAndAUserByTheId() {
    var denied =
        new ResourceId(
            ResourceKind.REGISTRY_HOST, "docker", "etc/docker/certs.d/old.example/hosts.toml");
    assertThat(lines(create(denied, "denied")))
        .isEqualTo(
            "+ hosts.toml /etc/docker/certs.d/old.example/hosts.toml: nothing can be pulled from it");
    assertThat(
            lines(
                new Change.Prune(new ResourceId(ResourceKind.USER_CREDENTIALS, "docker", "root"))))
        .isEqualTo("- login/docker/root");
  }

  private static Change create(ResourceId id, String... fields) {
    var values = new TreeMap<String, FieldValue>();
    for (String field : fields) {
      values.put(field, new FieldValue.Plain("present"));
    }
    return new Change.Create(id, values);
  }

  private static String lines(Change change) {
    return String.join("\n", PlanText.lines(change));
  }
}
