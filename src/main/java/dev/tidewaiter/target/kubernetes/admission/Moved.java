package dev.tidewaiter.target.kubernetes.admission;

import dev.tidewaiter.policy.DefaultRegistry;
import java.util.List;
import java.util.stream.Collectors;

/// A list of a pod's `spec` in which images without a host are given one, in CEL.
///
/// Of a pod that is there already only ephemeral containers are considered, and of them only those
/// that are added.
///
/// @param image the field of an item that has the image, or the path to it
/// @param which of its items: an expression on `c`, whether anything may be done to it
record Moved(String field, String image, String which) {
  /// The variable of the policy with all images that are given a host.
  static final String HOSTLESS = "hostless";

  private static final String ADDED =
      "(oldObject == null || !has(oldObject.spec.ephemeralContainers)"
          + " || !oldObject.spec.ephemeralContainers.exists(o, o.name == c.name))";

  private static final List<Moved> ALL =
      List.of(
          new Moved("containers", "image", DefaultPolicy.CREATES),
          new Moved("initContainers", "image", DefaultPolicy.CREATES),
          new Moved("ephemeralContainers", "image", ADDED),
          new Moved("volumes", "image.reference", DefaultPolicy.CREATES));

  /// Whether a pod names an image that may be without a host; some of these are no image at all.
  static String any() {
    return ALL.stream()
        .map(
            moved ->
                "%1$s.exists(c, c.%2$s != %3$s && !c.%2$s.matches(%4$s))"
                    .formatted(
                        moved.items(),
                        moved.image,
                        Cel.text(DefaultRegistry.AUTO),
                        Cel.text(Grammar.NAMES_HOST)))
        .collect(Collectors.joining("\n  || "));
  }

  /// The images that are given a host.
  static String hostless() {
    return ALL.stream()
        .map(moved -> "%s.map(c, c.%s)".formatted(moved.items(), moved.image))
        .collect(
            Collectors.joining(
                "\n  + ", "(", ").filter(i, %s)".formatted(Grammar.isHostless("i"))));
  }

  /// The pod as far as it changes, as an applied configuration.
  static String applied(DefaultRegistry registry) {
    return ALL.stream()
        .map(moved -> moved.field(registry))
        .collect(Collectors.joining(",\n  ", "Object{spec: Object.spec{\n  ", "}}"));
  }

  private String field(DefaultRegistry registry) {
    String type = "Object.spec." + field;
    String rewritten = Grammar.rewritten("c." + image, registry);
    String value =
        isVolume()
            ? "image: %s.image{reference: %s}".formatted(type, rewritten)
            : "image: " + rewritten;
    return "%s: %s.filter(c, c.%s in variables.%s).map(c, %s{name: c.name, %s})"
        .formatted(field, items(), image, HOSTLESS, type, value);
  }

  /// The items with an image. One without a name has no place in a list by name; the server refuses
  /// it later.
  private String items() {
    String holder = isVolume() ? "has(c.image) && " : "";
    return Places.present(
        "object.spec." + field,
        ".filter(c, %s && has(c.name) && %shas(c.%s))".formatted(which, holder, image));
  }

  private boolean isVolume() {
    return image.contains(".");
  }
}
