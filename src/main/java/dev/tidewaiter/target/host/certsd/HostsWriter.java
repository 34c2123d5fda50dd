package dev.tidewaiter.target.host.certsd;

import dev.tidewaiter.desired.RegistryHost.Endpoint;
import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.FileContent;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The text of a [HostsDocument].
final class HostsWriter {
  /// The first lines of every file.
  static final String MARK =
      """
      # managed-by: tidewaiter
      # What is changed here is put back: change the declaration instead.
      """;

  /// Before each registry that a denial admits.
  static final String ADMITS = "# admits: ";

  /// Nobody has this name: RFC 2606.
  static final String NOWHERE = "https://registry-denied.invalid";

  /// What needs no escape in a string of TOML.
  private static final Pattern PLAIN = Pattern.compile("[ -~&&[^\"\\\\]]+");

  private final HostsDocument document;
  private final StringBuilder text = new StringBuilder(MARK);
  private boolean plain = true;

  HostsWriter(HostsDocument document) {
    this.document = document;
  }

  /// @return empty if a name or path has a character that would need an escape
  Optional<FileContent> content() {
    write();
    return plain
        ? Optional.of(FileContent.of(text.toString().getBytes(StandardCharsets.UTF_8)))
        : Optional.empty();
  }

  private void write() {
    document.admitted().forEach(name -> text.append(ADMITS).append(plain(name)).append('\n'));
    if (document.isDenied()) {
      set("server", quoted(NOWHERE));
      set("capabilities", "[\"push\"]");
      table("host." + quoted(NOWHERE));
      set("capabilities", "[\"push\"]");
    } else {
      reached(document.endpoints());
    }
  }

  private void reached(List<Endpoint> endpoints) {
    Endpoint last = endpoints.getLast();
    set("server", quoted(last.url()));
    options(last);
    header("header", document.authorizations().get(endpoints.size()));
    for (int i = 0; i < endpoints.size(); i++) {
      String name = "host." + quoted(endpoints.get(i).url());
      table(name);
      options(endpoints.get(i));
      header(name + ".header", document.authorizations().get(i + 1));
    }
  }

  private void options(Endpoint endpoint) {
    set(
        "capabilities",
        document.isItself(endpoint)
            ? "[\"pull\", \"resolve\", \"push\"]"
            : "[\"pull\", \"resolve\"]");
    if (endpoint.overridePath()) {
      set("override_path", "true");
    }
    if (endpoint.skipVerify()) {
      set("skip_verify", "true");
    }
    if (endpoint.ca() != null) {
      set("ca", quoted(endpoint.ca()));
    }
    if (endpoint.client() != null) {
      String directory = endpoint.client();
      set(
          "client",
          "[[%s, %s]]"
              .formatted(quoted(directory + "/client.cert"), quoted(directory + "/client.key")));
    }
  }

  private void header(String name, @Nullable Credential credential) {
    if (credential != null) {
      table(name);
      String pair = credential.username().reveal() + ":" + credential.password().reveal();
      String encoded = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
      set("Authorization", quoted("Basic " + encoded));
    }
  }

  private void table(String name) {
    text.append("\n[").append(name).append("]\n");
  }

  private void set(String key, String value) {
    text.append(key).append(" = ").append(value).append('\n');
  }

  private String quoted(String value) {
    return '"' + plain(value) + '"';
  }

  private String plain(String value) {
    plain &= PLAIN.matcher(value).matches();
    return value;
  }
}
