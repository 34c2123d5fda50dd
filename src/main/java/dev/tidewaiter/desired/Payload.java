package dev.tidewaiter.desired;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.Secret;

/// What a target writes for one field: the value behind a seal, or a text too long to show.
public sealed interface Payload {
  /// An entry of `auths`.
  record Auth(Credential credential) implements Payload {}

  /// A file's content: a certificate, or the key of one.
  record Text(Secret text) implements Payload {}
}
