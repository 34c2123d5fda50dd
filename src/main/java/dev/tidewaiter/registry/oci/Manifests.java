package dev.tidewaiter.registry.oci;

import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.registry.RegistryProbe.ImageAnswer;
import dev.tidewaiter.registry.oci.Inquiry.Ticket;
import dev.tidewaiter.registry.oci.Inquiry.Way;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Asks for the heads of manifests, with a token for pulling from that repository and no more.
///
/// A registry whose repositories have token servers of their own, as Artifactory's may, says so at
/// the repository: such a challenge is answered once.
final class Manifests {
  private final Wire wire;
  private final Inquiry inquiry;
  private final Inquiry.Outcome.Open open;

  Manifests(Wire wire, Inquiry inquiry, Inquiry.Outcome.Open open) {
    this.wire = wire;
    this.inquiry = inquiry;
    this.open = open;
  }

  /// @throws IOException if there is no reply
  ImageAnswer ask(ImageReference image) throws IOException {
    return ask(image, open.way(), true);
  }

  private ImageAnswer ask(ImageReference image, Way way, boolean first) throws IOException {
    return switch (inquiry.ticket(way, "repository:" + image.repository() + ":pull")) {
      case Ticket.Refused(String reason) -> new ImageAnswer.Refused(reason);
      case Ticket.Unreachable(String reason) -> new ImageAnswer.Unreachable(reason);
      case Ticket.Ready(@Nullable Secret authorization) -> {
        Reply reply = wire.head(manifest(image), authorization);
        Optional<Challenge> other =
            first && !reply.elsewhere() && reply.isNo()
                ? Challenge.best(reply.challenges()).filter(asked -> !isAnswered(way, asked))
                : Optional.empty();
        yield other.isPresent() ? again(image, other.get()) : judged(image, reply);
      }
    };
  }

  // Where to, is not said: what the registry wrote there it may have learned from the credential.
  private ImageAnswer again(ImageReference image, Challenge challenge) throws IOException {
    return challenge instanceof Challenge.Bearer bearer && !inquiry.isLawful(bearer)
        ? new ImageAnswer.Unreachable(
            image.host() + " wants credentials for this repository sent elsewhere")
        : ask(image, new Way.Asked(challenge), false);
  }

  private static boolean isAnswered(Way way, Challenge challenge) {
    return way instanceof Way.Asked(Challenge before) && before.equals(challenge);
  }

  private URI manifest(ImageReference image) {
    return open.origin().at("/v2/" + image.repository() + "/manifests/" + image.version());
  }

  private static ImageAnswer judged(ImageReference image, Reply reply) {
    String answered = image.host() + " answered " + reply.status();
    if (reply.status() == 200 && reply.isOfManifest()) {
      return new ImageAnswer.Found(reply.digest());
    }
    if (reply.status() == 404 && (reply.versioned() || reply.isJson())) {
      return new ImageAnswer.Missing(answered + ": no such repository, tag or digest");
    }
    if (reply.isNo() && !reply.elsewhere()) {
      return new ImageAnswer.Refused(
          answered + ": not allowed with this credential, or no such repository");
    }
    return new ImageAnswer.Unreachable(answered + ", and not as a registry does");
  }
}
