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
    list(5, account("u", 5, "first"));
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
    mirror.listing();
    mirror.end("shop", "default", account("u", 20, "written after the list"));
    mirror.replace(List.of(), 10);
    assertThat(mirror.all()).hasSize(1);

    list(30);

    assertThat(mirror.all()).isEmpty();
    assertThat(told).containsExactly("20>-");
  }

  @Test
  void aListGoesBeforeWhatWasKnownOfAClusterThatIsBuiltAnew() {
    mirror.end("shop", "default", account("u", 900, "must not be chosen: in the cluster before"));
    list(40, account("of the new cluster", 3, "rebuilt"));

    assertThat(mirror.all()).containsExactly(account("of the new cluster", 3, "rebuilt"));
    mirror.put(account("of the new cluster", 41, "later"));

    assertThat(mirror.all()).containsExactly(account("of the new cluster", 41, "later"));
    assertThat(told).containsExactly("900>3", "3>41");
  }

  @Test
  void aListGoesBeforeWhatWasKnownOfAClusterThatIsRestored() {
    mirror.put(account("u", 900, "must not be chosen: after the backup"));
    list(1_000_000, account("u", 4, "in the backup"));

    assertThat(mirror.all()).containsExactly(account("u", 4, "in the backup"));
    assertThat(told).containsExactly("5>900", "900>4");
  }

  @Test
  void whatIsOnlyInTheClusterBeforeIsGone() {
    mirror.put(account("u", 900, "must not be chosen: in the cluster before"));
    list(40);

    assertThat(mirror.all()).isEmpty();
    assertThat(told).containsExactly("5>900", "900>-");
  }

  @Test
  void aBackupBringsBackWhatWeDeleted() {
    mirror.forget("shop", "default", "u");
    list(5, account("u", 5, "in the backup"));

    assertThat(mirror.all()).containsExactly(account("u", 5, "in the backup"));
  }

  @Test
  void aListFromBeforeWeDeletedDoesNotBringItBack() {
    mirror.listing();
    mirror.forget("shop", "default", "u");
    mirror.replace(List.of(account("u", 5, "must not be chosen: deleted")), 5);

    assertThat(mirror.all()).isEmpty();
  }

  private void list(long version, SeenAccount... listed) {
    mirror.listing();
    mirror.replace(List.of(listed), version);
  }

  private static SeenAccount account(String uid, long version, String entry) {
    return new SeenAccount(
        new Identity("shop", "default", uid, version), List.of(entry), Map.of(), "");
  }

  private static long version(SeenAccount account) {
    return account.identity().version();
  }
}
