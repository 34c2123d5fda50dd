package dev.tidewaiter.registry.oci;

import dev.tidewaiter.model.HttpProxy;
import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.registry.DeniedAddresses;
import dev.tidewaiter.registry.RegistryProbe;
import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// The probe over HTTP.
///
/// A question takes 15 s at most, with 5 s for each connection; each image takes as long; and a
/// question may wait 15 s for its turn ([Turns]).
public final class OciRegistryProbe implements RegistryProbe {
  private final ProbeSettings settings;
  private final CheckedNames.Names names;
  private final TokenServers law;
  private final Turns turns;
  private final Duration limit;

  /// @param nanoTime monotonic, as `System::nanoTime`
  public OciRegistryProbe(ProbeSettings settings, LongSupplier nanoTime) {
    this(settings, InetAddress::getAllByName, nanoTime, Wire.STEP);
  }

  /// @param limit for a credential, and for each image
  OciRegistryProbe(
      ProbeSettings settings, CheckedNames.Names names, LongSupplier nanoTime, Duration limit) {
    this.settings = settings;
    this.names = names;
    this.law = new TokenServers(settings.tokenServers());
    this.turns = new Turns(nanoTime);
    this.limit = limit;
  }

  @Override
  public ProbeAnswer ask(Question question) {
    return switch (turns.take(Inquiry.host(question.address()))) {
      case Turns.Admission.NotNow(String reason) ->
          new ProbeAnswer.NotAsked(question.address() + ": " + reason);
      case Turns.Admission.Resting(String reason) ->
          new ProbeAnswer.Unreachable(question.address() + ": " + reason);
      case Turns.Admission.Turn turn -> {
        try (turn) {
          yield ask(question, turn);
        }
      }
    };
  }

  private ProbeAnswer ask(Question question, Turns.Admission.Turn turn) {
    Tls tls;
    try {
      tls = new Tls(Origin.of(true, Inquiry.host(question.address())).host(), question.trust());
    } catch (GeneralSecurityException _) {
      return new ProbeAnswer.Unreachable(
          question.address() + ": its declared CA or client certificate cannot be read");
    }
    var sockets = new TimedSockets();
    HttpProxy proxy = settings.proxy();
    var checked =
        new CheckedNames(
            names,
            new DeniedAddresses(settings.deniedNetworks()),
            proxy == null ? null : proxy.host(),
            Wire.CONNECT);
    try (var wire =
        new Wire(Client.of(proxy, checked, sockets, tls), sockets, checked, limit, turn::rest)) {
      return ask(question, wire);
    }
  }

  private ProbeAnswer ask(Question question, Wire wire) {
    var inquiry = new Inquiry(wire, law, question);
    Inquiry.Outcome outcome;
    try (var _ = wire.step()) {
      outcome = inquiry.credential();
    } catch (IOException e) {
      return new ProbeAnswer.Unreachable(question.address() + ": " + Breakdown.of(e, wire));
    }
    return switch (outcome) {
      case Inquiry.Outcome.Answered(ProbeAnswer answer) -> answer;
      case Inquiry.Outcome.Open open ->
          new ProbeAnswer.Accepted(images(question, wire, new Manifests(wire, inquiry, open)));
    };
  }

  private static Map<ImageReference, ImageAnswer> images(
      Question question, Wire wire, Manifests manifests) {
    var answers = new TreeMap<ImageReference, ImageAnswer>();
    for (ImageReference image : question.images()) {
      if (!isAt(image, question.address())) {
        answers.put(image, new ImageAnswer.Missing(image.host() + " is not " + question.address()));
        continue;
      }
      try (var _ = wire.step()) {
        answers.put(image, manifests.ask(image));
      } catch (IOException e) {
        answers.put(
            image, new ImageAnswer.Unreachable(question.address() + ": " + Breakdown.of(e, wire)));
      }
    }
    return answers;
  }

  // The credential of one registry is no other's business.
  private static boolean isAt(ImageReference image, RegistryAddress address) {
    return image.address().map(RegistryAddress::canonical).equals(Optional.of(address.canonical()));
  }
}
