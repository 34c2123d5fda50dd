package dev.tidewaiter.config;

import dev.tidewaiter.config.AdditionOrder.Position;
import dev.tidewaiter.model.Place;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.RegistryAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// One credential for each address in each environment, and addresses that never change.
///
/// Of several active registries with one address, the one added last serves. Retired environments
/// get no credential, so nothing is said about them.
final class AddressRules {
  private final Index index;
  private final LoadContext context;

  AddressRules(Index index, LoadContext context) {
    this.index = index;
    this.context = context;
  }

  /// @return by environment: superseded registry to the one that serves
  Map<String, Map<String, String>> check() {
    index.registries().values().forEach(this::checkAddress);
    Map<String, Map<String, String>> superseded = new TreeMap<>();
    for (Environment environment : index.environments().values()) {
      if (environment.state() == Environment.State.ACTIVE) {
        Map<String, String> losers = new TreeMap<>();
        sharing(environment).forEach(group -> settle(environment, group, losers));
        superseded.put(environment.name(), losers);
      }
    }
    return superseded;
  }

  private void checkAddress(Registry registry) {
    Place place = index.document(Kind.REGISTRY, registry.name()).placeOf("/spec/address");
    Registry before =
        context.inForce() == null ? null : context.inForce().registries().get(registry.name());
    if (before != null && !before.address().canonical().equals(registry.address().canonical())) {
      String message =
          "The address of Registry `"
              + registry.name()
              + "` changed from `"
              + before.address()
              + "`.";
      index
          .problems()
          .add(
              new Problem(
                  place, message, "Keep the old address, and add a Registry with another name."));
    }
    if (registry.address().text().endsWith(":443")) {
      index
          .notes()
          .add(
              new Problem(
                  place,
                  "`" + registry.address() + "` is not the same as the address without `:443`.",
                  "Write it exactly as image names do."));
    }
  }

  /// Groups of active registries with one address, each sorted by name.
  private List<List<Registry>> sharing(Environment environment) {
    Map<RegistryAddress, List<Registry>> byAddress = new TreeMap<>();
    environment.registries().stream()
        .sorted()
        .map(index.registries()::get)
        .filter(Objects::nonNull)
        .filter(r -> r.state() == Registry.State.ACTIVE)
        .forEach(
            r -> byAddress.computeIfAbsent(r.address().canonical(), _ -> new ArrayList<>()).add(r));
    return byAddress.values().stream().filter(group -> group.size() > 1).toList();
  }

  private void settle(Environment environment, List<Registry> group, Map<String, String> losers) {
    switch (environment.duplicateAddresses()) {
      case REJECT ->
          index
              .problems()
              .add(
                  shared(
                      environment,
                      group,
                      "and `duplicateAddresses` is `Reject`",
                      "Remove all but one from the environment, or set them to `state: Inactive`."));
      case MOST_RECENTLY_ADDED -> settleByOrder(environment, group, losers);
    }
  }

  private void settleByOrder(
      Environment environment, List<Registry> group, Map<String, String> losers) {
    var names = new TreeSet<>(group.stream().map(Registry::name).toList());
    Map<String, Position> positions = context.order().positionsOf(names);
    List<String> newest = newest(positions);
    if (newest.isEmpty()) {
      reportUnknown(environment, group);
    } else if (newest.size() > 1) {
      index
          .problems()
          .add(
              shared(
                  environment,
                  group,
                  "and were added in the same commit",
                  "Add them in separate commits, the one that should serve last, or remove one."));
    } else {
      String winner = newest.getFirst();
      names.remove(winner);
      names.forEach(loser -> losers.put(loser, winner));
      index.notes().add(superseded(environment, names, winner));
    }
  }

  /// Names at the smallest known position; empty if none is known.
  private static List<String> newest(Map<String, Position> positions) {
    int best = Integer.MAX_VALUE;
    List<String> names = new ArrayList<>();
    for (var entry : positions.entrySet()) {
      if (entry.getValue() instanceof Position.Known(int commitsAgo) && commitsAgo <= best) {
        if (commitsAgo < best) {
          names.clear();
        }
        best = commitsAgo;
        names.add(entry.getKey());
      }
    }
    return names;
  }

  private void reportUnknown(Environment environment, List<Registry> group) {
    Problem unknown =
        shared(
            environment,
            group,
            "and which was added last is unknown on a shallow checkout",
            "Fetch the whole history (`git fetch --unshallow`), or remove one from the environment.");
    switch (context.withoutOrder()) {
      case NOTE -> index.notes().add(unknown);
      case PROBLEM -> index.problems().add(unknown);
    }
  }

  private Problem shared(
      Environment environment, List<Registry> group, String because, String hint) {
    Registry first = group.getFirst();
    String names = Nearest.quoted(group.stream().map(Registry::name).toList());
    return new Problem(
        placeIn(environment, first.name()),
        names + " have the same address, `" + first.address() + "`, " + because + ".",
        hint);
  }

  private Problem superseded(Environment environment, SortedSet<String> losers, String winner) {
    return new Problem(
        placeIn(environment, losers.getFirst()),
        Nearest.quoted(losers) + " is superseded by `" + winner + "`, which was added later.",
        "Remove it from the environment when nothing refers to it any more.");
  }

  private Place placeIn(Environment environment, String registry) {
    int at = environment.registries().indexOf(registry);
    return index.document(Kind.ENVIRONMENT, environment.name()).placeOf("/spec/registries/" + at);
  }
}
