package dev.tidewaiter.desired;

import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The certificates of registries on a host: for one runtime in its `certs.d`, or for the system.
record CertificateResources(RuntimeFacts runtime, Assembly assembly) {
  static final String CA = "ca.crt";

  /// What a registry declares, as far as the runtime looks at it.
  void add(Served registry) {
    RegistryMaterial material = registry.material();
    if (runtime.can(Capability.CA)) {
      addPublic(file(registry, CA), material.ca());
    }
    if (runtime.can(Capability.CLIENT_CERTIFICATE)) {
      RegistryMaterial.Text cert = material.clientCertificate();
      RegistryMaterial.Text key = material.clientKey();
      // dockerd refuses a directory that has one without the other ("missing key client.key for
      // client certificate client.cert"), so neither is written until both are known.
      addPublic(file(registry, "client.cert"), togetherWith(cert, key));
      addKey(file(registry, "client.key"), togetherWith(key, cert));
    }
  }

  /// The CA of a registry for every program of the machine.
  void addTrusted(Served registry) {
    String name = runtime.directory() + "/tidewaiter-" + registry.registry().name() + ".crt";
    addPublic(
        new ResourceId(ResourceKind.TRUSTED_CERTIFICATE, runtime.scope(), name),
        registry.material().ca());
  }

  // Docker Hub is `docker.io` here, not `registry-1.docker.io`: with the containerd image store
  // dockerd 28 looks the directory up by the host in the image's name (daemon/hosts.go), as
  // containerd does; the older store reads none for Docker Hub (registry/service_v2.go,
  // lookupV2Endpoints).
  private ResourceId file(Served registry, String name) {
    return new ResourceId(
        ResourceKind.CERTIFICATE_FILE,
        runtime.scope(),
        runtime.directory() + "/" + registry.address() + "/" + name);
  }

  private static RegistryMaterial.@Nullable Text togetherWith(
      RegistryMaterial.@Nullable Text text, RegistryMaterial.@Nullable Text other) {
    return text != null && other instanceof RegistryMaterial.Text.Withheld ? other : text;
  }

  private void addPublic(ResourceId id, RegistryMaterial.@Nullable Text text) {
    if (text instanceof RegistryMaterial.Text.Known(Secret content)) {
      add(id, content, new FieldValue.Plain("sha256:" + sha256(content)), "0644");
    } else if (text instanceof RegistryMaterial.Text.Withheld(String reason)) {
      withhold(id, reason);
    }
  }

  private void addKey(ResourceId id, RegistryMaterial.@Nullable Text text) {
    if (text instanceof RegistryMaterial.Text.Known(Secret content)) {
      add(id, content, assembly.sealed(id, HostResources.CONTENT, content), "0600");
    } else if (text instanceof RegistryMaterial.Text.Withheld(String reason)) {
      withhold(id, reason);
    }
  }

  private void add(ResourceId id, Secret content, FieldValue value, String mode) {
    addFields(id, HostFields.known(value), HostFields.plain(mode));
    assembly.keepText(id, content);
  }

  private void withhold(ResourceId id, String reason) {
    var withheld = new DesiredField.Withheld(reason);
    addFields(id, withheld, withheld);
  }

  private void addFields(ResourceId id, DesiredField content, DesiredField mode) {
    assembly.add(id, new TreeMap<>(Map.of(HostResources.CONTENT, content, "mode", mode)));
  }

  private static String sha256(Secret text) {
    try {
      byte[] bytes = text.reveal().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
