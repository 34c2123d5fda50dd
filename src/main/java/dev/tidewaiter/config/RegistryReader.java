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
    RegistryAddress address = address(spec);
    CredentialSource credential =
        new CredentialReader(address, problems).read(spec.in("credential"));
    problems.addAll(Regardless.problemsOf(document, Kind.REGISTRY));
    Registry.Tls tls = tls(spec.in("tls"));
    checkMirrors(document, spec.texts("mirrors"));
    Registry.Verify verify = new VerifyReader(address, problems).read(spec.in("verify"));
    if (address == null || problems.size() > before) {
      return null;
    }
    return new Registry(
        document.name(),
        document.placeOf("/metadata/name"),
        address,
        spec.word("state", Registry.State.class),
        credential,
        tls,
        verify,
        spec.texts("mirrors"));
  }

  private @Nullable RegistryAddress address(Fields spec) {
    String text = spec.text("address");
    Optional<String> mistake = RegistryAddress.mistakeIn(text);
    mistake.ifPresent(
        hint -> problems.add(spec.problem("address", "does not have the right form", hint)));
    return mistake.isEmpty() ? new RegistryAddress(text) : null;
  }

  private void checkMirrors(Document document, List<String> mirrors) {
    for (int i = 0; i < mirrors.size(); i++) {
      String pointer = "/spec/mirrors/" + i;
      String what = "`" + Pointers.path(pointer) + "` does not have the right form.";
      RegistryAddress.mistakeIn(mirrors.get(i).replaceFirst("/.*", ""))
          .ifPresent(hint -> problems.add(new Problem(document.placeOf(pointer), what, hint)));
    }
  }

  private static Registry.Tls tls(Fields tls) {
    TextSource ca = tls.has("ca") ? tls.source("ca") : null;
    Fields client = tls.in("clientCertificate");
    Registry.ClientCertificate shown =
        tls.has("clientCertificate")
            ? new Registry.ClientCertificate(client.source("cert"), client.reference("key"))
            : null;
    return new Registry.Tls(ca, shown, tls.flag("insecure"));
  }
}
