package dev.tidewaiter.plan;

import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.DesiredField.Origin;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Sealer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is wished for and what there is, made from a seed: small enough that wishes and things meet
/// in every combination.
///
/// @param wishes texts by resource and field; [#WITHHELD] for one that is not known
record GeneratedState(
    long seed, SortedMap<ResourceId, SortedMap<String, String>> wishes, World world) {
  static final String WITHHELD = "withheld: must never be written";

  private static final List<ResourceKind> KINDS =
      List.of(
          ResourceKind.CERTIFICATE_FILE, ResourceKind.PULL_SECRET, ResourceKind.SERVICE_ACCOUNT);

  /// Kinds of hosts whose fields are of other sorts, with them.
  private static final Map<ResourceKind, List<String>> HOST_KINDS =
      new EnumMap<>(
          Map.of(
              ResourceKind.REGISTRY_HOST, List.of("denied", "endpoint/1", "endpoint/2"),
              ResourceKind.DENIAL, List.of("allowed/a.example", "allowed/b.example", "denied"),
              ResourceKind.SIGNATURE_POLICY, List.of("allow/a.example/team", "default"),
              ResourceKind.REGISTRY_MIRRORS, List.of("registry-mirrors/https://m.example"),
              ResourceKind.REGISTRIES_DROP_IN, List.of("mirror/a.example/1", "registry/a.example"),
              ResourceKind.TRUSTED_CERTIFICATE, List.of("content", "mode"),
              ResourceKind.NODE_CREDENTIALS, List.of("auths/minted.example", "auths/quay.io")));

  private static final List<Holding.Adoption> ADOPTIONS = List.of(Holding.Adoption.values());
  private static final List<String> SCOPES = List.of("shop", "stock");
  private static final List<String> NAMES = List.of("first", "second");
  private static final List<String> FIELDS =
      List.of("auths/minted.example", "auths/quay.io", "content", "mode");

  static GeneratedState of(long seed) {
    var random = new Random(seed);
    var wishes = new TreeMap<ResourceId, SortedMap<String, String>>();
    var things = new TreeMap<ResourceId, World.Thing>();
    for (ResourceKind kind : KINDS) {
      for (String scope : SCOPES) {
        for (String name : NAMES) {
          var id = new ResourceId(kind, scope, name);
          if (random.nextInt(3) > 0) {
            wishes.put(id, wish(random, FIELDS));
          }
          if (random.nextInt(3) > 0) {
            things.put(id, thing(random, FIELDS));
          }
        }
      }
    }
    // One kind for each seed, so that the states stay small.
    ResourceKind kind = List.copyOf(HOST_KINDS.keySet()).get((int) (seed % HOST_KINDS.size()));
    List<String> fields = HOST_KINDS.getOrDefault(kind, FIELDS);
    for (String name : NAMES) {
      var id = new ResourceId(kind, "docker", name);
      if (random.nextInt(4) > 0) {
        wishes.put(id, wish(random, fields));
      }
      if (random.nextInt(4) > 0) {
        things.put(id, thing(random, fields));
      }
    }
    return new GeneratedState(seed, wishes, new World(things));
  }

  static boolean isMinted(String field) {
    return field.equals("auths/minted.example");
  }

  private static SortedMap<String, String> wish(Random random, List<String> names) {
    var fields = new TreeMap<String, String>();
    for (String field : names) {
      if (random.nextBoolean()) {
        fields.put(field, random.nextInt(4) == 0 ? WITHHELD : text(random));
      }
    }
    if (fields.isEmpty()) {
      fields.put(names.getFirst(), text(random));
    }
    return fields;
  }

  private static World.Thing thing(Random random, List<String> names) {
    Holding holding = holding(random);
    var fields = new TreeMap<String, World.Text>();
    for (String field : names) {
      if (random.nextBoolean()) {
        boolean ours =
            switch (holding) {
              case Holding.Ours _ -> random.nextInt(5) > 0;
              case Holding.Shared _ -> random.nextBoolean();
              case Holding.Elsewhere _, Holding.Foreign _ -> false;
            };
        fields.put(field, new World.Text(text(random), ours));
      }
    }
    return new World.Thing(holding, fields);
  }

  private static Holding holding(Random random) {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> new Holding.Ours();
      case 3, 4 -> new Holding.Shared();
      case 5 -> new Holding.Elsewhere("environment other");
      default ->
          new Holding.Foreign(
              "A stranger's resource", ADOPTIONS.get(random.nextInt(ADOPTIONS.size())));
    };
  }

  private static String text(Random random) {
    return "text " + random.nextInt(2);
  }

  List<Resource> desired(Sealer sealer) {
    return wishes.entrySet().stream()
        .map(entry -> desired(entry.getKey(), entry.getValue(), sealer))
        .toList();
  }

  private static Resource desired(ResourceId id, SortedMap<String, String> wish, Sealer sealer) {
    var fields = new TreeMap<String, DesiredField>();
    wish.forEach(
        (name, text) ->
            fields.put(
                name,
                text.equals(WITHHELD)
                    ? new DesiredField.Withheld("vault:secret/" + name + "#password is denied")
                    : new DesiredField.Known(
                        World.value(sealer, id, name, text),
                        isMinted(name) ? Origin.MINTED : Origin.DECLARED)));
    return new Resource(id, fields);
  }

  /// The same wishes over another world.
  GeneratedState over(World other) {
    return new GeneratedState(seed, wishes, other);
  }

  /// The same state on a day on which no secret store answers.
  GeneratedState withEverythingWithheld() {
    var withheld = new TreeMap<ResourceId, SortedMap<String, String>>();
    wishes.forEach(
        (id, wish) -> {
          var fields = new TreeMap<String, String>();
          wish.keySet().forEach(name -> fields.put(name, WITHHELD));
          withheld.put(id, fields);
        });
    return new GeneratedState(seed, withheld, world.copy());
  }
}
