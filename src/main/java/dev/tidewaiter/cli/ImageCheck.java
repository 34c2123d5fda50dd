package dev.tidewaiter.cli;

import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.Registry;
import dev.tidewaiter.desired.RegistryMaterial;
import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.model.Minted;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.reconcile.Texts;
import dev.tidewaiter.registry.RegistryProbe;
import dev.tidewaiter.registry.RegistryProbe.ImageAnswer;
import dev.tidewaiter.registry.RegistryProbe.ProbeAnswer;
import dev.tidewaiter.registry.RegistryProbe.Question;
import dev.tidewaiter.registry.RegistryProbe.Trust;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Asks registries for images, as those who pull them in an environment would: with the credential
/// of the registry that serves the address there, else as anybody.
///
/// Images of one registry are one question.
final class ImageCheck {
  private final Declarations declarations;
  private final Map<String, RegistryMaterial> material;
  private final RegistryProbe probe;

  /// @param material by registry name
  ImageCheck(
      Declarations declarations, Map<String, RegistryMaterial> material, RegistryProbe probe) {
    this.declarations = declarations;
    this.material = material;
    this.probe = probe;
  }

  /// An image where it is pulled.
  ///
  /// @param environment null if no environment serves that place
  record Pull(ImageReference image, @Nullable Environment environment) {}

  /// What came of one.
  enum Result {
    FOUND,
    /// No such repository, tag or digest.
    MISSING,
    /// There may be one, but it cannot be pulled.
    REFUSED,
    /// No image reference at all.
    INVALID,
    /// The registry gave no usable answer.
    UNREACHABLE,
    /// The credential is not known here.
    UNKNOWN;

    boolean isBad() {
      return this == MISSING || this == REFUSED || this == INVALID;
    }

    boolean isOpen() {
      return this == UNREACHABLE || this == UNKNOWN;
    }
  }

  /// @param registry that serves it; null if it is pulled as anybody
  /// @param digest empty if it is not known
  /// @param detail empty if there is nothing to say
  record Finding(Result result, @Nullable String registry, String digest, String detail) {
    static Finding of(Result result, @Nullable String registry, String detail) {
      return new Finding(result, registry, "", detail);
    }
  }

  /// The registry of an environment that serves an image, if one does.
  static Optional<Registry> serving(Declarations declarations, Pull pull) {
    Optional<RegistryAddress> address = pull.image().address().map(RegistryAddress::canonical);
    return pull.environment() == null || address.isEmpty()
        ? Optional.empty()
        : declarations.serving(pull.environment()).stream()
            .filter(registry -> registry.address().canonical().equals(address.get()))
            .findFirst();
  }

  /// @return a finding for each
  Map<Pull, Finding> ask(Collection<Pull> pulls) {
    var findings = new HashMap<Pull, Finding>();
    var groups = new HashMap<Group, Set<Pull>>();
    for (Pull pull : pulls) {
      Optional<RegistryAddress> address = pull.image().address().map(RegistryAddress::canonical);
      if (address.isPresent()) {
        Registry registry = serving(declarations, pull).orElse(null);
        groups
            .computeIfAbsent(new Group(address.get(), registry), _ -> new LinkedHashSet<>())
            .add(pull);
      } else {
        String what = pull.image().host() + " is no address that can be declared or asked";
        findings.put(pull, Finding.of(Result.UNKNOWN, null, what));
      }
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Map<Pull, Finding>>> running =
          groups.entrySet().stream()
              .map(group -> threads.submit(() -> ask(group.getKey(), group.getValue())))
              .toList();
      running.forEach(one -> findings.putAll(result(one)));
    }
    return findings;
  }

  /// @param registry null to ask as anybody
  private record Group(RegistryAddress address, @Nullable Registry registry) {
    @Nullable String name() {
      return registry == null ? null : registry.name();
    }
  }

  private Map<Pull, Finding> ask(Group group, Set<Pull> pulls) {
    Registry registry = group.registry();
    if (registry == null) {
      return ask(group, null, Trust.OF_SYSTEM, pulls);
    }
    RegistryMaterial known = material.get(registry.name());
    Trust trust = known == null ? null : Texts.of(registry, known).trust();
    if (known == null || trust == null) {
      return all(pulls, Result.UNKNOWN, group, "a certificate that it declares is not known");
    }
    return switch (known.credential()) {
      case Minted.None _ -> ask(group, null, trust, pulls);
      case Minted.Ready(Credential credential) -> ask(group, credential, trust, pulls);
      case Minted.Withheld withheld -> all(pulls, Result.UNKNOWN, group, withheld.reason());
    };
  }

  private Map<Pull, Finding> ask(
      Group group, @Nullable Credential credential, Trust trust, Set<Pull> pulls) {
    Set<ImageReference> images = pulls.stream().map(Pull::image).collect(Collectors.toSet());
    return switch (probe.ask(new Question(group.address(), credential, trust, images))) {
      case ProbeAnswer.Refused(String reason) -> all(pulls, Result.REFUSED, group, reason);
      case ProbeAnswer.NotAsked(String reason) -> all(pulls, Result.UNREACHABLE, group, reason);
      case ProbeAnswer.Unreachable(String reason) -> all(pulls, Result.UNREACHABLE, group, reason);
      case ProbeAnswer.Accepted(Map<ImageReference, ImageAnswer> answers) ->
          pulls.stream()
              .collect(
                  Collectors.toMap(
                      pull -> pull, pull -> finding(group, answers.get(pull.image()))));
    };
  }

  private static Map<Pull, Finding> all(
      Set<Pull> pulls, Result result, Group group, String detail) {
    Finding finding = Finding.of(result, group.name(), detail);
    return pulls.stream().collect(Collectors.toMap(pull -> pull, _ -> finding));
  }

  private static Finding finding(Group group, @Nullable ImageAnswer answer) {
    return switch (answer) {
      case ImageAnswer.Found(String digest) -> new Finding(Result.FOUND, group.name(), digest, "");
      case ImageAnswer.Missing(String reason) -> Finding.of(Result.MISSING, group.name(), reason);
      case ImageAnswer.Refused(String reason) -> Finding.of(Result.REFUSED, group.name(), reason);
      case ImageAnswer.Unreachable(String reason) ->
          Finding.of(Result.UNREACHABLE, group.name(), reason);
      case null -> throw new IllegalStateException("the probe gave no answer for an image");
    };
  }

  private static <T> T result(Future<T> running) {
    try {
      return running.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("defect in a question", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while registries were asked", e);
    }
  }
}
