package dev.tidewaiter.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidewaiter.cli.ImageCheck.Finding;
import dev.tidewaiter.cli.ImageCheck.Pull;
import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.Registry;
import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.model.RegistryAddress;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What `explain` knows of an image, in the form that programs read.
///
/// @param image in its canonical form
/// @param address of the registry that serves it; absent if none could be declared for its host
/// @param environments in each of which it may be another registry
/// @param conditions what is true of the repository
@JsonInclude(JsonInclude.Include.NON_NULL)
record ExplainDocument(
    String image, @Nullable String address, List<Place> environments, List<String> conditions)
    implements Printable {

  /// One environment.
  ///
  /// @param becomes what the default registry makes of it; absent if it leaves it alone
  /// @param ruling absent if the environment could deny no image
  /// @param registry that serves it after that; absent if it is pulled as anybody
  /// @param runtimes what those of the host do with it; absent if no host was asked
  /// @param missing what keeps it from being pulled, or from what the declarations say
  /// @param others that the environment lists, and why they do not serve it
  /// @param verified what the registry says; absent if it was not asked
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Place(
      String environment,
      @Nullable String becomes,
      @Nullable Ruling ruling,
      @Nullable Serving registry,
      @Nullable List<RuntimePull> runtimes,
      List<String> missing,
      List<Other> others,
      @Nullable Verified verified) {}

  /// What the rules say of the image that a new pod would pull.
  ///
  /// @param verdict `Allowed` or `Denied`
  /// @param rule the entry of the allow-list that admits it, or the registry that is inactive;
  ///   absent if no single rule decides
  /// @param declared file and line of what decides; absent if nothing does
  /// @param enforcement `Deny`, `Warn` or `Audit`
  /// @param detail for people
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Ruling(
      String verdict,
      @Nullable String rule,
      @Nullable String declared,
      String enforcement,
      String detail) {}

  /// @param declared file and line
  /// @param credential its kind, such as `basic`
  /// @param references to its secrets, by the field
  record Serving(
      String name, String declared, String credential, SortedMap<String, String> references) {}

  /// @param reason `Inactive`, `Superseded`, `Retired` or `OtherAddress`
  /// @param detail for people
  record Other(String name, String declared, String reason, String detail) {}

  /// @param result as in [VerifyDocument.Image]
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Verified(String result, @Nullable String digest, @Nullable String detail) {
    static Verified of(Finding finding) {
      return new Verified(
          finding.result().name().toLowerCase(Locale.ROOT),
          finding.digest().isEmpty() ? null : finding.digest(),
          finding.detail().isEmpty() ? null : finding.detail());
    }
  }

  /// @param findings by environment; empty if no registry was asked
  static ExplainDocument of(
      ImageReference image,
      Explaining explaining,
      List<Environment> environments,
      Map<String, Finding> findings) {
    return new ExplainDocument(
        image.toString(),
        image.address().map(RegistryAddress::text).orElse(null),
        environments.stream()
            .map(environment -> place(image, explaining, environment, findings))
            .toList(),
        List.of());
  }

  ExplainDocument with(List<String> known) {
    return new ExplainDocument(image, address, environments, known);
  }

  private static Place place(
      ImageReference image,
      Explaining explaining,
      Environment environment,
      Map<String, Finding> findings) {
    Declarations declarations = explaining.declarations();
    ImageReference pulled = explaining.pulled(environment).orElse(image);
    Optional<Registry> serving = ImageCheck.serving(declarations, new Pull(pulled, environment));
    Map<String, Registry> registries = declarations.registries();
    List<Other> others =
        environment.registries().stream()
            .distinct()
            .map(registries::get)
            .filter(Objects::nonNull)
            .filter(registry -> !serving.equals(Optional.of(registry)))
            .map(registry -> other(registry, pulled, declarations, environment))
            .toList();
    Finding finding = findings.get(environment.name());
    return new Place(
        environment.name(),
        explaining.becomes(environment),
        explaining.ruling(environment),
        serving.map(ExplainDocument::serving).orElse(null),
        explaining.runtimes(environment),
        explaining.missing(environment, serving),
        others,
        finding == null ? null : Verified.of(finding));
  }

  private static Serving serving(Registry registry) {
    var references = new TreeMap<String, String>();
    registry
        .credential()
        .references()
        .forEach((field, reference) -> references.put(field, reference.toString()));
    return new Serving(
        registry.name(),
        registry.place().toString(),
        Credentials.kind(registry.credential()),
        references);
  }

  private static Other other(
      Registry registry, ImageReference image, Declarations declarations, Environment environment) {
    String winner =
        declarations.superseded().getOrDefault(environment.name(), Map.of()).get(registry.name());
    Optional<RegistryAddress> wanted = image.address().map(RegistryAddress::canonical);
    if (!wanted.equals(Optional.of(registry.address().canonical()))) {
      return other(registry, "OtherAddress", "serves " + registry.address());
    }
    if (environment.state() == Environment.State.RETIRED) {
      return other(registry, "Retired", "the environment is retired");
    }
    return registry.state() == Registry.State.INACTIVE || winner == null
        ? other(registry, "Inactive", "it is inactive")
        : other(registry, "Superseded", "superseded by " + winner);
  }

  private static Other other(Registry registry, String reason, String detail) {
    return new Other(registry.name(), registry.place().toString(), reason, detail);
  }

  @Override
  public void printText(PrintWriter out) {
    ExplainText.print(this, out);
  }

  @Override
  public void printMarkdown(PrintWriter out) {
    ExplainText.printMarkdown(this, out);
  }
}
