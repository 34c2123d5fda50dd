package dev.tidewaiter.target.kubernetes.admission;

import dev.tidewaiter.desired.Exemption;
import dev.tidewaiter.desired.PolicyNames;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Which requests a policy sees: on what resources, and in which namespaces.
final class Match {
  private static final Pattern LITERAL = Pattern.compile("[a-z0-9-]");

  private Match() {}

  /// A rule on requests for pods or a sub-resource of theirs.
  static ObjectNode rule(List<String> operations, List<String> resources) {
    ObjectNode rule = object();
    rule.putArray("apiGroups").add("");
    rule.putArray("apiVersions").add("v1");
    addAll(rule.putArray("operations"), operations);
    addAll(rule.putArray("resources"), resources);
    return rule.put("scope", "*");
  }

  static ObjectNode constraints(ObjectNode... rules) {
    ObjectNode constraints = object().put("matchPolicy", "Equivalent");
    constraints.putObject("namespaceSelector");
    constraints.putObject("objectSelector");
    ArrayNode all = constraints.putArray("resourceRules");
    List.of(rules).forEach(all::add);
    return constraints;
  }

  static ObjectNode named(String name, String expression) {
    return object().put("name", name).put("expression", expression);
  }

  /// Whether the namespace of a request is not exempt. The proof's never is.
  static ObjectNode governed(Exemption exemption) {
    String proof = "request.namespace == " + Cel.text(PolicyNames.PROOF_NAMESPACE);
    var conditions = new ArrayList<String>();
    if (!exemption.exempt().isEmpty()) {
      conditions.add("!(" + matchesOne(exemption.exempt()) + ")");
    }
    if (!exemption.only().isEmpty()) {
      conditions.add("(" + matchesOne(exemption.only()) + ")");
    }
    return named(
        "governed",
        conditions.isEmpty() ? "true" : proof + " || (" + String.join(" && ", conditions) + ")");
  }

  /// Whether a request is anything but a kubelet's for a [mirror
  /// pod](https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-config-mirror),
  /// which only shows what its node runs already: nobody pulls its images, and it may refer to no
  /// Secret. Pods of others with the annotation are judged, although no kubelet starts them.
  static ObjectNode notMirrored() {
    return named(
        "not-mirrored",
        """
        !(has(object.metadata.annotations)
          && 'kubernetes.io/config.mirror' in object.metadata.annotations
          && 'system:nodes' in request.userInfo.groups)\
        """);
  }

  private static String matchesOne(List<String> patterns) {
    var conditions = new ArrayList<String>();
    List<String> names = patterns.stream().filter(p -> !p.contains("*")).sorted().toList();
    if (!names.isEmpty()) {
      conditions.add("request.namespace in " + Cel.list(names));
    }
    patterns.stream()
        .filter(pattern -> pattern.contains("*"))
        .sorted()
        .forEach(p -> conditions.add("request.namespace.matches(" + Cel.text(regex(p)) + ")"));
    return String.join(" || ", conditions);
  }

  /// A pattern in which `*` alone means something, in RE2.
  private static String regex(String pattern) {
    var regex = new StringBuilder("^");
    pattern.codePoints().forEach(c -> regex.append(c == '*' ? ".*" : literal(c)));
    return regex.append('$').toString();
  }

  private static String literal(int c) {
    String text = Character.toString(c);
    return LITERAL.matcher(text).matches() ? text : "\\x{%x}".formatted(c);
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static void addAll(ArrayNode array, List<String> values) {
    values.forEach(array::add);
  }
}
