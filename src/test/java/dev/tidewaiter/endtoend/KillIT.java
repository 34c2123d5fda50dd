package dev.tidewaiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.TidewaiterProcess;
import dev.tidewaiter.testbed.TidewaiterProcess.Result;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The power fails while declarations are applied: 20 times, or with `-Dsoak=true` 200 times.
@Tag("soak")
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class KillIT {
  private static final int KILLS = Boolean.getBoolean("soak") ? 200 : 20;
  private static final int NAMESPACES = 6;
  private static final String NOTHING_LEFT = "0 to create, 0 to update, 0 to prune";
  private static final Map<String, String> ADDRESSES =
      Map.of("quay", "quay.io", "hub", "docker.io", "private", "registry.acme.example:5000");

  private final Random random = new Random(20261121);
  private final Tenants tenants = new Tenants();

  @TempDir private Path directory;

  /// One state of the declarations and of Vault.
  ///
  /// @param passwords of the environment's registries, by name
  private record Declared(boolean retired, Map<String, String> passwords) {
    Map<String, String> entries() {
      var entries = new TreeMap<String, String>();
      if (!retired) {
        passwords.forEach((registry, password) -> entries.put(key(registry), password));
      }
      return entries;
    }

    private static String key(String registry) {
      return registry.equals("hub")
          ? "https://index.docker.io/v1/"
          : String.valueOf(ADDRESSES.get(registry));
    }
  }

  @Test
  void convergesToExactlyWhatIsDeclaredWhereverItIsKilled() {
    IntStream.range(0, NAMESPACES).forEach(_ -> tenants.add("default"));
    tenants.all().forEach(name -> tenants.setEntries(name, "default", List.of("their-own")));
    var bystanders = new Tenants();
    String bystander = bystanders.add("default");
    Secret foreign = bystanders.writeForeign(bystander, "{\"auths\":{}}", Map.of());
    int inTheMiddle = 0;
    try (Deployment deployment = Deployment.in(directory)) {
      for (int kill = 1; kill <= KILLS; kill++) {
        Declared declared = declare(deployment, tenants, kill);
        boolean wrote = killDuring(deployment);

        Result converged = deployment.apply();

        assertThat(converged.exitCode()).as(kill + ": " + converged.output()).isZero();
        assertIs(declared, kill);
        inTheMiddle += wrote && !converged.stdout().contains(NOTHING_LEFT) ? 1 : 0;
      }
      assertThat(inTheMiddle).as("kills that fell between two writes").isPositive();
      assertIsAsAfterACleanApply(deployment);
    }
    assertThat(bystanders.live(bystander)).isEqualTo(foreign);
    assertThat(bystanders.traces()).isEmpty();
  }

  /// Declares another state and commits it.
  private Declared declare(Deployment deployment, Tenants selected, int number) {
    boolean last = number == KILLS;
    boolean retired = !last && random.nextInt(5) == 0;
    var passwords = new TreeMap<String, String>();
    for (String registry : List.of("quay", "hub", "private")) {
      if (last || random.nextInt(3) > 0) {
        passwords.put(registry, "password-" + number + "-of-" + registry);
      }
    }
    if (passwords.isEmpty()) {
      passwords.put("quay", "password-" + number + "-of-quay");
    }
    declare(deployment, selected, new Declared(retired, passwords));
    return new Declared(retired, passwords);
  }

  private static void declare(Deployment deployment, Tenants selected, Declared declared) {
    ADDRESSES.forEach(deployment::registry);
    declared.passwords().forEach(deployment::password);
    deployment.environment(
        selected,
        List.copyOf(declared.passwords().keySet()),
        "state: " + (declared.retired() ? "Retired" : "Active"),
        "prune: {maxDeletions: 1000, maxPercent: 100}");
    deployment.commit("Declare " + declared.entries().keySet());
  }

  /// Starts the daemon and kills it after a random number of its writes and a little more, or when
  /// there is nothing more to write.
  ///
  /// @return whether it wrote anything
  private boolean killDuring(Deployment deployment) {
    int writes = random.nextInt(2 * NAMESPACES);
    Duration more = Duration.ofMillis(random.nextInt(writes == 0 ? 1_500 : 20));
    try (var counter = new WriteCounter();
        TidewaiterProcess daemon = deployment.startCommand("run")) {
      while (counter.count() < writes && !daemon.output().contains("cycle ended")) {
        LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
      }
      LockSupport.parkNanos(more.toNanos());
      daemon.kill();
      return counter.count() > 0;
    }
  }

  private void assertIs(Declared declared, int kill) {
    assertThat(tenants.all())
        .allSatisfy(
            namespace -> {
              assertThat(tenants.passwords(namespace))
                  .as("kill " + kill)
                  .isEqualTo(declared.entries());
              assertThat(tenants.secret(namespace).get() == null).isEqualTo(declared.retired());
              assertThat(tenants.entries(namespace, "default"))
                  .isEqualTo(
                      declared.retired()
                          ? List.of("their-own")
                          : List.of("their-own", Tenants.SECRET));
            });
    if (declared.retired()) {
      assertThat(tenants.traces()).isEmpty();
    }
  }

  private void assertIsAsAfterACleanApply(Deployment deployment) {
    var clean = new Tenants();
    String namespace = clean.add("default");
    clean.setEntries(namespace, "default", List.of("their-own"));
    try (Deployment other = Deployment.in(directory)) {
      var passwords = new TreeMap<String, String>();
      ADDRESSES.keySet().forEach(name -> passwords.put(name, "password-" + KILLS + "-of-" + name));
      declare(other, clean, new Declared(false, passwords));
      assertThat(other.apply().exitCode()).isZero();
      List<Object> expected = described(clean, namespace, other);
      assertThat(tenants.all())
          .allSatisfy(one -> assertThat(described(tenants, one, deployment)).isEqualTo(expected));
      assertThat(data(deployment)).isEqualTo(data(other));
    }
  }

  private static @Nullable Map<String, String> data(Deployment deployment) {
    var inventory = deployment.inventory();
    return inventory == null ? null : inventory.getData();
  }

  /// What was written to a namespace, without the names that differ between two of them and the
  /// order of entries, which is that of their arrival.
  private static List<Object> described(Tenants tenants, String namespace, Deployment deployment) {
    Secret secret = tenants.live(namespace);
    var account = tenants.account(namespace, "default").require();
    Object content = Yaml.read(Tenants.content(secret));
    assertThat(content).isNotNull();
    String marks =
        (marks(secret) + " " + secret.getType() + " " + marks(account))
            .replace(namespace, "NAMESPACE")
            .replace(deployment.instance(), "INSTANCE");
    return List.of(marks, content, Tenants.entries(account));
  }

  private static String marks(HasMetadata object) {
    return object.getMetadata().getLabels() + " " + object.getMetadata().getAnnotations();
  }

  /// Counts what is written to the tenants' pull Secrets and ServiceAccounts.
  private final class WriteCounter implements AutoCloseable {
    private final AtomicInteger events = new AtomicInteger();
    private final List<Watch> watches = new ArrayList<>();

    WriteCounter() {
      var admin = Servers.cluster().admin();
      String now = admin.secrets().inAnyNamespace().list().getMetadata().getResourceVersion();
      watches.add(
          admin.secrets().inAnyNamespace().withResourceVersion(now).watch(new Counting<>()));
      watches.add(
          admin
              .serviceAccounts()
              .inAnyNamespace()
              .withResourceVersion(now)
              .watch(new Counting<>()));
    }

    int count() {
      return events.get();
    }

    @Override
    public void close() {
      watches.forEach(Watch::close);
    }

    private final class Counting<T extends HasMetadata> implements Watcher<T> {
      @Override
      public void eventReceived(Action action, T object) {
        if (tenants.all().contains(object.getMetadata().getNamespace())) {
          events.incrementAndGet();
        }
      }

      @Override
      public void onClose(WatcherException cause) {
        // The kill then comes later, after the limit.
      }
    }
  }
}
