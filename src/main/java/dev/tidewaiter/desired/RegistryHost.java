package dev.tidewaiter.desired;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a runtime does with the images of one registry, or of all that have no directory of their
/// own: the meaning of a `hosts.toml`. The target renders it in the format's own terms.
///
/// The fields of the resource hold all of it, in plain text but for credentials:
///
/// | kind | field | value |
/// |---|---|---|
/// | REGISTRY_HOST | `denied` | `present`: nothing can be pulled; then there is nothing else |
/// | | `endpoint/1`, `endpoint/2`, … | one [Endpoint], in the order in which they are asked |
/// | | `authorization/1`, … | sealed or minted: the credential for that endpoint, payload `Auth` |
/// | DENIAL | `allowed/<host[:port]>` | `present`: a registry that must have a directory before all others are denied |
/// | | `denied` | `present`, always |
public sealed interface RegistryHost {
  /// The field, and its value, of what is denied.
  String DENIED = "denied";

  /// The further field that a target reports of a file that somebody edited: never desired, so that
  /// it is corrected.
  String EDITED = "content";

  /// Nothing can be pulled from it.
  record Denied() implements RegistryHost {}

  /// @param endpoints never empty; the last is the registry itself, or what stands for it
  record Reached(List<Endpoint> endpoints) implements RegistryHost {
    public Reached {
      endpoints = List.copyOf(endpoints);
    }
  }

  /// A server that is asked.
  ///
  /// As text: the URL, then each option after a space: `override-path`, `skip-verify`, `ca=PATH`,
  /// `client=PATH`.
  ///
  /// @param url `https://host[:port][/v2/path]`, or `http`
  /// @param overridePath whether the URL's path is used as it is, instead of `/v2` being added
  /// @param skipVerify whether any certificate is accepted
  /// @param ca absolute path on the host; null for the system's trust store
  /// @param client absolute path of the directory that has `client.cert` and `client.key`; null for
  ///   none
  record Endpoint(
      String url,
      boolean overridePath,
      boolean skipVerify,
      @Nullable String ca,
      @Nullable String client) {
    @Override
    public String toString() {
      var words = new ArrayList<String>();
      words.add(url);
      if (overridePath) {
        words.add("override-path");
      }
      if (skipVerify) {
        words.add("skip-verify");
      }
      if (ca != null) {
        words.add("ca=" + ca);
      }
      if (client != null) {
        words.add("client=" + client);
      }
      return String.join(" ", words);
    }

    /// @throws IllegalArgumentException if it is not of the form
    public static Endpoint parse(String text) {
      List<String> words = List.of(text.split(" ", -1));
      boolean overridePath = false;
      boolean skipVerify = false;
      String ca = null;
      String client = null;
      for (String word : words.subList(1, words.size())) {
        if (word.equals("override-path")) {
          overridePath = true;
        } else if (word.equals("skip-verify")) {
          skipVerify = true;
        } else if (word.startsWith("ca=/")) {
          ca = word.substring("ca=".length());
        } else if (word.startsWith("client=/")) {
          client = word.substring("client=".length());
        } else {
          throw new IllegalArgumentException("no option of an endpoint: " + word);
        }
      }
      var endpoint = new Endpoint(words.getFirst(), overridePath, skipVerify, ca, client);
      if (!endpoint.url.matches("https?://[^ ]+") || !endpoint.toString().equals(text)) {
        throw new IllegalArgumentException("no endpoint: " + text);
      }
      return endpoint;
    }
  }

  /// The plain fields as the table has them.
  default SortedMap<String, String> fields() {
    var fields = new TreeMap<String, String>();
    switch (this) {
      case Denied() -> fields.put(DENIED, "present");
      case Reached(List<Endpoint> endpoints) -> {
        for (int i = 0; i < endpoints.size(); i++) {
          fields.put("endpoint/" + (i + 1), endpoints.get(i).toString());
        }
      }
    }
    return fields;
  }

  /// What plain fields stand for; those of `authorization` may be among them and are passed over.
  ///
  /// @throws IllegalArgumentException if they stand for nothing
  static RegistryHost read(SortedMap<String, String> fields) {
    if (fields.containsKey(DENIED)) {
      return new Denied();
    }
    var endpoints = new ArrayList<Endpoint>();
    for (int i = 1; fields.containsKey("endpoint/" + i); i++) {
      endpoints.add(Endpoint.parse(String.valueOf(fields.get("endpoint/" + i))));
    }
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("no endpoint");
    }
    return new Reached(endpoints);
  }
}
