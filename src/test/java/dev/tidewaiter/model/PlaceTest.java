package dev.tidewaiter.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlaceTest {
  @Test
  void printsAsCompilersDo() {
    assertThat(new Place("registries/quay.yaml", 7, 3)).hasToString("registries/quay.yaml:7:3");
    assertThat(new Place("registries/quay.yaml", 7, 0)).hasToString("registries/quay.yaml:7");
    assertThat(Place.of("registries/quay.yaml")).hasToString("registries/quay.yaml");
  }

  @Test
  void sortsByFileThenLineThenColumnAsNumbers() {
    var places =
        List.of(
            Place.of("a.yaml"),
            new Place("a.yaml", 2, 9),
            new Place("a.yaml", 2, 10),
            new Place("a.yaml", 10, 1),
            Place.of("b.yaml"));
    assertThat(places.reversed().stream().sorted()).containsExactlyElementsOf(places);
  }

  @Test
  void aProblemNamesThePlaceFirstAndTheHintOnALineOfItsOwn() {
    assertThat(new Problem(new Place("a.yaml", 2, 9), "`host` is no field.", "Write `address`."))
        .hasToString("a.yaml:2:9: `host` is no field.\n  Write `address`.");
  }
}
