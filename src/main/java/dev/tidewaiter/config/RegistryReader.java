package dev.tidewaiter.config;

import dev.tidewaiter.model.CredentialSource;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.TextSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A document of kind Registry, valid by its schema, to the declaration.
final class RegistryReader {
  private final List<Problem> problems;

  /// @param problems receives what the schema could not see
  RegistryReader(List<Problem> problems) {
    this.problems = problems;
  }

  /// @return null if there was a problem
  @Nullable Registry read(Document document, Fields spec) {
    int before = problems.size();
    Optional<String> mistake = RegistryAddress.mistakeIn(spec.text("address"));
    mistake.ifPresent(
        hint -> problems.add(spec.problem("address", "does not have the right form", hint)));
    CredentialSource credential = credential(spec.in("credential"));
    Registry.Tls tls = tls(spec.in("tls"));
    if (problems.size() > before) {
      return null;
    }
    return new Registry(
        document.name(),
        document.placeOf("/metadata/name"),
        new RegistryAddress(spec.text("address")),
        spec.word("state", Registry.State.class),
        credential,
        tls,
        new Registry.Verify(spec.in("verify").word("credential", Registry.Proof.class), List.of()),
        spec.texts("mirrors"));
  }

  private static CredentialSource credential(Fields credential) {
    if (credential.has("anonymous")) {
      return new CredentialSource.Anonymous();
    }
    Fields basic = credential.in("basic");
    return new CredentialSource.Basic(
        basic.source("username"), basic.reference("password"), basic.textOrNull("email"));
  }

  private Registry.Tls tls(Fields tls) {
    TextSource ca = tls.has("ca") ? certificate(tls, "ca") : null;
    Fields client = tls.in("clientCertificate");
    Registry.ClientCertificate shown =
        tls.has("clientCertificate")
            ? new Registry.ClientCertificate(certificate(client, "cert"), client.reference("key"))
            : null;
    return new Registry.Tls(ca, shown, tls.flag("insecure"));
  }

  private TextSource certificate(Fields fields, String name) {
    TextSource source = fields.source(name);
    if (source instanceof TextSource.Inline(String text)) {
      CertificateText.mistakeIn(text)
          .ifPresent(
              mistake ->
                  problems.add(
                      fields.problem(
                          name,
                          mistake,
                          "Write certificates alone, from `-----BEGIN CERTIFICATE-----` to"
                              + " `-----END CERTIFICATE-----`; a private key is never in Git.")));
    }
    return source;
  }
}
