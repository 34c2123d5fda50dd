package dev.tidewaiter.registry;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.Secret;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Asks a registry whether it takes a credential, and whether images are there. It never downloads
/// a manifest or a layer.
///
/// Safe for use by many threads. Whom credentials may be sent to is the implementation's law
/// (design, chapter 10), not the caller's.
public interface RegistryProbe {
  /// Never throws for the registry's sake. May block for 15 s, and as long for each image.
  ProbeAnswer ask(Question question);

  /// @param credential null to ask as anybody
  /// @param images each at this address; HEAD requests, only if the credential is accepted
  record Question(
      RegistryAddress address,
      @Nullable Credential credential,
      Trust trust,
      Set<ImageReference> images) {}

  /// How the registry is known to be itself, and what we show of ourselves.
  ///
  /// @param ca PEM certificates that alone are trusted; null for the system's
  /// @param certificate PEM, with its key; null for none
  /// @param insecure whether plain HTTP and any certificate are accepted
  record Trust(
      @Nullable Secret ca, @Nullable Secret certificate, @Nullable Secret key, boolean insecure) {
    /// The system's trust store, and nothing of ourselves.
    public static final Trust OF_SYSTEM = new Trust(null, null, null, false);
  }

  /// What a registry said.
  sealed interface ProbeAnswer {
    /// It takes the credential, or serves everybody.
    ///
    /// @param images an answer for each image of the question
    record Accepted(Map<ImageReference, ImageAnswer> images) implements ProbeAnswer {}

    /// It is a registry, and says no (design, chapter 10: *refused*).
    ///
    /// @param reason for people: the status, and who gave it
    record Refused(String reason) implements ProbeAnswer {}

    /// All else: nothing is known.
    record Unreachable(String reason) implements ProbeAnswer {}

    /// We did not ask, so as not to ask too much at a time: to be asked again soon.
    record NotAsked(String reason) implements ProbeAnswer {}
  }

  /// What a registry said of one image.
  sealed interface ImageAnswer {
    /// @param digest as the registry names it; empty if it does not
    record Found(String digest) implements ImageAnswer {}

    /// There is no such repository or tag.
    record Missing(String reason) implements ImageAnswer {}

    /// The credential may not pull it. Registries say this too of what does not exist.
    record Refused(String reason) implements ImageAnswer {}

    record Unreachable(String reason) implements ImageAnswer {}
  }
}
