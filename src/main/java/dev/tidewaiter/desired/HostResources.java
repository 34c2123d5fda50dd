package dev.tidewaiter.desired;

import dev.tidewaiter.config.Environment;
import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.DesiredField.Known;
import dev.tidewaiter.model.DesiredField.Origin;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What an environment has on a host with Docker: certificates, insecure marks and users'
/// credentials.
final class HostResources {
  /// The field of a file that stands for its bytes.
  static final String CONTENT = "content";

  private static final String DOCKER = "docker";

  private final Environment environment;
  private final List<Served> served;
  private final Assembly assembly;

  HostResources(Environment environment, List<Served> served, Assembly assembly) {
    this.environment = environment;
    this.served = served;
    this.assembly = assembly;
  }

  void build(Surroundings.Host host, RuntimeFacts runtime) {
    if (!runtime.scope().equals(DOCKER)) {
      return;
    }
    served.forEach(this::addCertificates);
    addInsecureMarks();
    Environment.Hosts hosts = environment.hosts();
    if (hosts != null) {
      hosts.users().forEach(user -> addCredentials(user, host.users().containsKey(user)));
    }
  }

  private void addCertificates(Served registry) {
    RegistryMaterial material = registry.material();
    String directory = directory(registry);
    addFile(file(directory + "ca.crt"), material.ca(), false);
    RegistryMaterial.Text cert = material.clientCertificate();
    RegistryMaterial.Text key = material.clientKey();
    // dockerd refuses a directory that has one without the other ("missing key client.key for
    // client certificate client.cert"), so neither is written until both are known.
    addFile(file(directory + "client.cert"), togetherWith(cert, key), false);
    addFile(file(directory + "client.key"), togetherWith(key, cert), true);
  }

  // Docker Hub is `docker.io` here, not `registry-1.docker.io`: with the containerd image store
  // dockerd 28 looks the directory up by the host in the image's name (daemon/hosts.go); the older
  // store reads none for Docker Hub (registry/service_v2.go, lookupV2Endpoints).
  private static String directory(Served registry) {
    return "etc/docker/certs.d/" + registry.registry().address().canonical() + "/";
  }

  private static ResourceId file(String path) {
    return new ResourceId(ResourceKind.CERTIFICATE_FILE, DOCKER, path);
  }

  private static RegistryMaterial.@Nullable Text togetherWith(
      RegistryMaterial.@Nullable Text text, RegistryMaterial.@Nullable Text other) {
    return text != null && other instanceof RegistryMaterial.Text.Withheld ? other : text;
  }

  private void addFile(ResourceId id, RegistryMaterial.@Nullable Text text, boolean sealed) {
    switch (text) {
      case null -> {}
      case RegistryMaterial.Text.Withheld(String reason) -> {
        var withheld = new DesiredField.Withheld(reason);
        assembly.add(id, fields(withheld, withheld));
      }
      case RegistryMaterial.Text.Known(Secret content) -> {
        FieldValue value =
            sealed
                ? assembly.sealed(id, CONTENT, content)
                : new FieldValue.Plain("sha256:" + sha256(content));
        assembly.add(id, fields(known(value), known(mode(sealed ? "0600" : "0644"))));
        assembly.keepText(id, content);
      }
    }
  }

  private static SortedMap<String, DesiredField> fields(DesiredField content, DesiredField mode) {
    return new TreeMap<>(Map.of(CONTENT, content, "mode", mode));
  }

  private static FieldValue mode(String octal) {
    return new FieldValue.Plain(octal);
  }

  private static Known known(FieldValue value) {
    return new Known(value, Origin.DECLARED);
  }

  private static String sha256(Secret text) {
    try {
      byte[] bytes = text.reveal().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private void addInsecureMarks() {
    var marks = new TreeMap<String, DesiredField>();
    for (Served registry : served) {
      if (registry.registry().tls().insecure()) {
        marks.put(
            "insecure-registries/" + registry.registry().address().canonical(),
            known(new FieldValue.Plain("present")));
      }
    }
    assembly.add(
        new ResourceId(ResourceKind.INSECURE_REGISTRIES, DOCKER, "etc/docker/daemon.json"), marks);
  }

  // A user who is not found may be gone, or unknown for a moment (a directory service that is
  // away):
  // what was written for them stays. Only Git takes a user's credentials away.
  private void addCredentials(String user, boolean found) {
    var id = new ResourceId(ResourceKind.USER_CREDENTIALS, DOCKER, user);
    SortedMap<String, DesiredField> fields = assembly.authFields(id, served);
    if (!found) {
      fields.replaceAll(
          (_, _) -> new DesiredField.Withheld("user `" + user + "` is not found on this host"));
    }
    assembly.add(id, fields);
  }
}
