package dev.tidewaiter.target.kubernetes.admission;

import dev.tidewaiter.desired.PolicyObject;
import dev.tidewaiter.policy.DefaultRegistry;
import dev.tidewaiter.policy.RuleBook;
import dev.tidewaiter.policy.Verdict;
import dev.tidewaiter.policy.Wording;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The judgement of a rule book in CEL: [RuleBook#judge], step by step.
///
/// Each step is a variable of the policy, which the server evaluates at most once, with a cost
/// limit of its own: the images that a request brings in, split into host and rest, then named as
/// rules compare them, then what is denied and why.
final class Judgement {
  private static final String BROUGHT = "variables.places.filter(p, !(p.image in variables.old))";

  /// All hosts of Docker Hub.
  private static final List<String> HUB =
      List.of("docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com");

  private final RuleBook rules;
  private final @Nullable DefaultRegistry hint;
  private final AllowList list;

  Judgement(PolicyObject.Allow allow) {
    this.rules = allow.rules();
    this.hint = allow.hint();
    this.list = AllowList.of(rules);
  }

  /// Names and expressions, each of which uses only those before it.
  SequencedMap<String, String> steps() {
    var steps = new LinkedHashMap<String, String>();
    steps.put("places", Places.of("object"));
    steps.put(
        "old", "oldObject == null ? [] : (%s).map(p, p.image)".formatted(Places.of("oldObject")));
    steps.put("brought", BROUGHT);
    steps.put("split", split());
    steps.put("named", named());
    steps.putAll(list.variables());
    if (!rules.inactive().isEmpty()) {
      steps.put("inactive", Cel.map(inactive()));
    }
    steps.put("judged", judged());
    steps.put("denied", "variables.judged.filter(j, j.why != '')");
    return steps;
  }

  private static String split() {
    return """
    variables.brought.map(p, p.image.matches(%s)
      ? {'place': p.place, 'image': p.image,
         'host': p.image.substring(0, p.image.indexOf('/')),
         'rest': p.image.substring(p.image.indexOf('/') + 1)}
      : {'place': p.place, 'image': p.image, 'host': '', 'rest': p.image})\
    """
        .formatted(Cel.text(Grammar.NAMES_HOST));
  }

  private static String named() {
    return """
    variables.split.map(s, {'place': s.place, 'image': s.image, 'host': s.host, 'rest': s.rest,
      'registry': s.host == '' || s.host.lowerAscii() == 'index.docker.io' ? 'docker.io' : s.host.lowerAscii(),
      'path': %s})
    .map(s, s.registry == 'docker.io' && !s.path.contains('/')
      ? {'place': s.place, 'image': s.image, 'host': s.host, 'rest': s.rest,
         'registry': s.registry, 'path': 'library/' + s.path}
      : s)\
    """
        .formatted(Grammar.path("s.rest"));
  }

  private String judged() {
    return "variables.named.map(n, {'place': n.place, 'image': n.image, 'why': %s})"
        .formatted(why());
  }

  /// What stands after the image in the sentence that denies it; empty if it is admitted.
  private String why() {
    String malformed = Cel.text(after(new Verdict.Malformed()));
    String listed =
        "(%s ? '' : %s)"
            .formatted(list.admits("n"), denied(Cel.text(after(new Verdict.NotListed()))));
    String allowed =
        rules.inactive().isEmpty()
            ? listed
            : "(n.registry in variables.inactive ? %s : %s)"
                .formatted(denied("variables.inactive[n.registry]"), listed);
    return "!(%s) ? %s : %s".formatted(Grammar.isReference("n"), malformed, allowed);
  }

  /// With what to write instead, if the image has no host and would be given one.
  private String denied(String after) {
    DefaultRegistry registry = hint;
    if (registry == null) {
      return after;
    }
    // No reference has an angle bracket.
    String instead = Cel.text(Wording.instead("<image>", "<instead>"));
    String rewritten = Grammar.rewritten("n.image", registry);
    return "%s + (n.host == '' && n.image != %s ? %s.replace('<image>', n.image).replace('<instead>', %s) : '')"
        .formatted(after, Cel.text(DefaultRegistry.AUTO), instead, rewritten);
  }

  /// What is said of the images of an inactive registry, by its hosts, with `:443` and without.
  private SortedMap<String, String> inactive() {
    var sentences = new TreeMap<String, String>();
    rules
        .inactive()
        .forEach(
            (address, registry) -> {
              String after = after(new Verdict.Inactive(address, registry));
              hosts(address.text()).forEach(host -> sentences.putIfAbsent(host, after));
            });
    return sentences;
  }

  private static List<String> hosts(String address) {
    String host = address.endsWith(":443") ? address.substring(0, address.length() - 4) : address;
    return host.equals("docker.io") || host.equals("index.docker.io")
        ? HUB.stream().flatMap(name -> Stream.of(name, name + ":443")).toList()
        : List.of(host, host + ":443");
  }

  private String after(Verdict verdict) {
    return Wording.of(rules, verdict).after();
  }

  /// The sentence on the first image that is denied, with the names of some others.
  String message() {
    String before = Wording.of(rules, new Verdict.Malformed()).before();
    String first = "variables.denied[0]";
    return """
    variables.denied.size() == 0 ? '' : %1$s.place + ': ' + %2$s + %3$s + %1$s.why
      + (variables.denied.size() < 2 ? '' : ' Also not allowed: '
        + [1, 2, 3, 4].filter(i, i < variables.denied.size())
          .map(i, variables.denied[i].place + ' "' + %4$s + '"').join(', ')
        + (variables.denied.size() < 6 ? '.' : ' and ' + string(variables.denied.size() - 5) + ' more.'))\
    """
        .formatted(first, Cel.text(before), shown(first, 1024), shown("variables.denied[i]", 100));
  }

  /// As [Wording#shown].
  private static String shown(String denied, int longest) {
    return "(%1$s.image.matches('^[!-~]+$') && %1$s.image.size() <= %2$d ? %1$s.image : %3$s)"
        .formatted(denied, longest, Cel.text(Wording.NOT_SHOWN));
  }
}
