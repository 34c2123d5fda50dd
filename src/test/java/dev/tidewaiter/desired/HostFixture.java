package dev.tidewaiter.desired;

import static java.util.Objects.requireNonNull;

import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.Registry;
import dev.tidewaiter.config.RegistryPolicy;
import dev.tidewaiter.config.RegistryPolicy.Enforcement;
import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.Place;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.model.TextSource;
import dev.tidewaiter.policy.LibraryPrefix;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A compilation for the host of [Fixture]'s environment, without its registries.
final class HostFixture {
  static final Registry.Tls PLAIN = new Registry.Tls(null, null, false);
  static final Registry.Tls INSECURE = new Registry.Tls(null, null, true);

  final Fixture fixture = new Fixture();
  boolean node;
  boolean trustStore;
  Environment.Unsupported unsupported = Environment.Unsupported.REJECT;
  List<String> users = List.of();

  HostFixture() {
    fixture.registries.clear();
    fixture.material.clear();
  }

  /// @param mirrors of it
  void declare(String name, String address, Registry.Tls tls, String... mirrors) {
    fixture.declare(name, address, Registry.State.ACTIVE, tls);
    Registry plain = requireNonNull(fixture.registries.get(name));
    fixture.registries.put(
        name,
        new Registry(
            name,
            plain.place(),
            plain.address(),
            plain.state(),
            plain.credential(),
            tls,
            plain.verify(),
            List.of(mirrors)));
  }

  /// With a CA that is known.
  void declareWithCa(String name, String address) {
    declare(name, address, new Registry.Tls(new TextSource.Inline("PEM"), null, false));
    fixture.material.put(
        name,
        new RegistryMaterial(
            Fixture.ready("p"), new RegistryMaterial.Text.Known(Secret.of("PEM")), null, null));
  }

  void declareInactive(String name, String address) {
    fixture.declare(name, address, Registry.State.INACTIVE, PLAIN);
  }

  /// @param list separated by spaces; null for none
  void restrict(@Nullable String list, @Nullable String fallback) {
    restrict(list, fallback, Enforcement.DENY, LibraryPrefix.KEEP);
  }

  void restrict(
      @Nullable String list,
      @Nullable String fallback,
      Enforcement enforcement,
      LibraryPrefix library) {
    fixture.policy =
        new RegistryPolicy(
            "restricted",
            Place.of("restricted.yaml"),
            fallback,
            library,
            list == null ? null : List.of(list.split(" ", -1)),
            enforcement,
            List.of(),
            RegistryPolicy.Activation.DEFAULT);
  }

  Compiled compile(RuntimeFacts... runtimes) {
    fixture.hosts =
        new Environment.Hosts(
            Map.of("role", "worker"),
            List.of("docker", "containerd", "podman", "kubelet"),
            users,
            node,
            trustStore,
            unsupported);
    return fixture.compile(
        new Surroundings.Host(
            Map.of("role", "worker"), List.of(runtimes), Map.of("root", "/root"), List.of()));
  }

  /// The plain fields of the resources of a kind, by what comes of its name after the directory.
  static SortedMap<String, SortedMap<String, String>> of(ResourceKind kind, Compiled compiled) {
    var found = new TreeMap<String, SortedMap<String, String>>();
    for (Resource resource : compiled.resources()) {
      if (resource.id().kind() == kind) {
        var fields = new TreeMap<String, String>();
        resource.fields().forEach((name, field) -> fields.put(name, text(field)));
        found.put(resource.id().name().replaceFirst(".*certs\\.d/", ""), fields);
      }
    }
    return found;
  }

  private static String text(DesiredField field) {
    return switch (field) {
      case DesiredField.Known(FieldValue value, _) -> value.toString();
      case DesiredField.Withheld(String reason) -> "withheld: " + reason;
    };
  }

  static List<String> lacks(Compiled compiled) {
    HostGovernance governance = compiled.hostGovernance();
    return governance == null ? List.of() : governance.unsupported();
  }
}
