package dev.tidewaiter.reconcile;

import dev.tidewaiter.desired.RegistryMaterial;
import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.Minted;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one round found out; every cycle works with the newest one.
///
/// @param number from 1, within the process
/// @param registries what is known of each active registry in force that a served environment uses
public record RoundResult(
    long number, String trigger, Instant startedAt, Standing standing, Known registries) {

  /// A round of which only the material of registries matters.
  public RoundResult(
      long number,
      String trigger,
      Instant startedAt,
      Standing standing,
      Map<String, RegistryMaterial> material) {
    this(number, trigger, startedAt, standing, new Known(material, Map.of(), List.of(), null));
  }

  /// What is known of registries.
  ///
  /// @param material by name
  /// @param reports by name
  /// @param dueAt when something of theirs has to be seen to next; null for never
  public record Known(
      Map<String, RegistryMaterial> material,
      Map<String, RegistryReport> reports,
      List<InUse> inUse,
      @Nullable Instant dueAt) {
    static final Known NOTHING = new Known(Map.of(), Map.of(), List.of(), null);

    public Known {
      material = Map.copyOf(material);
      reports = Map.copyOf(reports);
      inUse = List.copyOf(inUse);
    }
  }

  public Map<String, RegistryMaterial> material() {
    return registries.material();
  }

  /// The same, without credentials that have ended by now: a cycle may come long after its round.
  Map<String, RegistryMaterial> materialAt(Instant now) {
    var good = new HashMap<>(registries.material());
    good.replaceAll(
        (_, material) -> hasEnded(material, now) ? withoutCredential(material) : material);
    return good;
  }

  private static boolean hasEnded(RegistryMaterial material, Instant now) {
    return material.credential() instanceof Minted.Ready(Credential credential)
        && credential.issuance() != null
        && !credential.issuance().expiresAt().isAfter(now);
  }

  private static RegistryMaterial withoutCredential(RegistryMaterial material) {
    return new RegistryMaterial(
        new Minted.Withheld(
            Minted.Cause.UNAVAILABLE, "its credential has ended since the last round"),
        material.ca(),
        material.clientCertificate(),
        material.clientKey());
  }

  /// The reports on every registry, sorted by name.
  public List<RegistryReport> reports() {
    return registries.reports().values().stream()
        .sorted(Comparator.comparing(RegistryReport::registry))
        .toList();
  }

  /// What is true of a registry.
  List<Condition> conditionsOf(String registry) {
    RegistryReport report = registries.reports().get(registry);
    return report == null ? List.of() : report.conditions();
  }
}
