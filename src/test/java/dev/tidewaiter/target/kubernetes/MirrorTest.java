package dev.tidewaiter.target.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.target.kubernetes.Seen.Identity;
import dev.tidewaiter.target.kubernetes.Seen.SeenAccount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MirrorTest {
  private final List<String> told = new ArrayList<>();
  private final Mirror<SeenAccount> mirror =
      new Mirror<>(
          (before, after) ->
              told.add(
                  (before == null ? "-" : version(before))
                      + ">"
                      + (after == null ? "-" : version(after))));

  @BeforeEach
  void prime() {
    mirror.replace(List.of(account("u", 5, "first")), 5);
  }

  @Test
  void aFirstListIsNoNews() {
    assertThat(told).isEmpty();
    assertThat(mirror.all()).hasSize(1);
  }

  @Test
  void anOlderEventDoesNotUndoANewerState() {
    mirror.put(account("u", 7, "newer"));
    mirror.put(account("u", 6, "must not be chosen: older"));

    assertThat(mirror.find("shop", "default")).contains(account("u", 7, "newer"));
    assertThat(told).containsExactly("5>7");
  }

  @Test
  void anEchoOfOurOwnWriteIsNoNewsWhicheverComesFirst() {
    mirror.begin("shop", "default");
    mirror.put(account("u", 7, "ours"));
    mirror.end("shop", "default", account("u", 7, "ours"));
    mirror.begin("shop", "default");
    mirror.end("shop", "default", account("u", 8, "again"));
    mirror.put(account("u", 8, "again"));

    assertThat(told).isEmpty();
  }

  @Test
  void somebodyElsesWriteDuringOursIsNews() {
    mirror.begin("shop", "default");
    mirror.put(account("u", 9, "theirs"));
    mirror.end("shop", "default", account("u", 8, "ours"));

    assertThat(told).containsExactly("->9");
    assertThat(mirror.find("shop", "default")).contains(account("u", 9, "theirs"));
  }

  @Test
  void aLateEventDoesNotBringBackWhatWeDeleted() {
    mirror.forget("shop", "default", "u");
    mirror.put(account("u", 6, "must not be chosen: deleted"));
    assertThat(mirror.all()).isEmpty();

    mirror.put(account("another uid", 7, "created anew"));
    mirror.remove(account("u", 8, "the deletion, told late"));

    assertThat(mirror.all()).containsExactly(account("another uid", 7, "created anew"));
  }

  @Test
  void aListRemovesWhatIsGoneAndKeepsWhatIsYoungerThanIt() {
    mirror.end("shop", "default", account("u", 20, "written after the list"));
    mirror.replace(List.of(), 10);
    assertThat(mirror.all()).hasSize(1);

    mirror.replace(List.of(), 30);

    assertThat(mirror.all()).isEmpty();
    assertThat(told).containsExactly("20>-");
  }

  private static SeenAccount account(String uid, long version, String entry) {
    return new SeenAccount(
        new Identity("shop", "default", uid, version), List.of(entry), Map.of(), "");
  }

  private static long version(SeenAccount account) {
    return account.identity().version();
  }
}
