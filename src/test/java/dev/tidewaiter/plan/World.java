package dev.tidewaiter.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.model.Secret;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// A target in memory: it keeps texts, seals them when it is observed, and carries changes out as a
/// target does, looking each text up among the wishes.
///
/// @param things by id
record World(SortedMap<ResourceId, Thing> things) {
  /// One resource that exists.
  ///
  /// @param fields by name
  record Thing(Holding holding, SortedMap<String, Text> fields) {}

  record Text(String value, boolean ours) {}

  World copy() {
    var copy = new TreeMap<ResourceId, Thing>();
    things.forEach(
        (id, thing) -> copy.put(id, new Thing(thing.holding(), new TreeMap<>(thing.fields()))));
    return new World(copy);
  }

  boolean isOurs(ResourceId id) {
    Thing thing = things.get(id);
    return thing != null && thing.holding() instanceof Holding.Ours;
  }

  List<ObservedResource> observed(Sealer sealer) {
    return things.entrySet().stream()
        .map(entry -> observed(entry.getKey(), entry.getValue(), sealer))
        .toList();
  }

  private static ObservedResource observed(ResourceId id, Thing thing, Sealer sealer) {
    var fields = new TreeMap<String, ObservedField>();
    thing
        .fields()
        .forEach(
            (name, text) ->
                fields.put(
                    name, new ObservedField(value(sealer, id, name, text.value()), text.ours())));
    return new ObservedResource(id, thing.holding(), fields);
  }

  static FieldValue value(Sealer sealer, ResourceId id, String field, String text) {
    return field.startsWith("auths/")
        ? new FieldValue.Sealed(sealer.seal(id, field, Secret.of(text)))
        : new FieldValue.Plain(text);
  }

  /// Texts that are not ours and that nobody gave away, except in the resources named.
  SortedMap<String, String> foreignTexts(Set<ResourceId> except) {
    var texts = new TreeMap<String, String>();
    things.forEach(
        (id, thing) -> {
          boolean givenAway =
              thing.holding() instanceof Holding.Foreign foreign
                  && foreign.adoption() != Holding.Adoption.FORBIDDEN;
          if (!givenAway && !except.contains(id)) {
            thing
                .fields()
                .forEach(
                    (name, text) -> {
                      if (!text.ours()) {
                        texts.put(id + " " + name, text.value());
                      }
                    });
          }
        });
    return texts;
  }

  void apply(List<Change> changes, Map<ResourceId, SortedMap<String, String>> wishes) {
    for (Change change : changes) {
      switch (change) {
        case Change.Create(var id, var fields) -> {
          assertThat(things).doesNotContainKey(id);
          var texts = new TreeMap<String, Text>();
          fields.keySet().forEach(name -> texts.put(name, wished(wishes, id, name)));
          things.put(id, new Thing(holdingOfNew(id), texts));
        }
        case Change.Update update when update.adopts() -> adopt(update, wishes);
        case Change.Update update -> update(update, wishes);
        case Change.Prune(var id, _) -> {
          assertThat(isOurs(id)).isTrue();
          things.remove(id);
        }
      }
    }
  }

  private static Text wished(
      Map<ResourceId, SortedMap<String, String>> wishes, ResourceId id, String field) {
    String text = there(there(wishes, id), field);
    assertThat(text).isNotEqualTo(GeneratedState.WITHHELD);
    return new Text(text, true);
  }

  private static <K, V> V there(Map<K, V> map, K key) {
    V value = map.get(key);
    if (value == null) {
      throw new AssertionError("a change names what is not there: " + key);
    }
    return value;
  }

  private static Holding holdingOfNew(ResourceId id) {
    return id.kind() == ResourceKind.PULL_SECRET ? new Holding.Ours() : new Holding.Shared();
  }

  private void adopt(Change.Update update, Map<ResourceId, SortedMap<String, String>> wishes) {
    Thing thing = there(things, update.id());
    assertThat(thing.holding()).isInstanceOf(Holding.Foreign.class);
    var texts = new TreeMap<String, Text>();
    thing.fields().forEach((name, text) -> texts.put(name, new Text(text.value(), true)));
    update.fields().keySet().forEach(name -> texts.put(name, wished(wishes, update.id(), name)));
    things.put(update.id(), new Thing(new Holding.Ours(), texts));
  }

  private void update(Change.Update update, Map<ResourceId, SortedMap<String, String>> wishes) {
    Thing thing = there(things, update.id());
    assertThat(thing.holding()).isInstanceOfAny(Holding.Ours.class, Holding.Shared.class);
    update
        .fields()
        .forEach(
            (name, change) -> {
              switch (change) {
                case FieldChange.Added _ -> assertThat(thing.fields()).doesNotContainKey(name);
                case FieldChange.Replaced _, FieldChange.Dropped _ ->
                    assertThat(there(thing.fields(), name).ours()).isTrue();
              }
              if (change instanceof FieldChange.Dropped) {
                thing.fields().remove(name);
              } else {
                thing.fields().put(name, wished(wishes, update.id(), name));
              }
            });
  }
}
