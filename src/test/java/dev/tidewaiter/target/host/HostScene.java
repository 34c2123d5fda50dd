package dev.tidewaiter.target.host;

import dev.tidewaiter.desired.Payload;
import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.DesiredField.Known;
import dev.tidewaiter.model.DesiredField.Origin;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.target.host.containers.ContainersRuntime;
import dev.tidewaiter.target.host.docker.DockerRuntime;
import dev.tidewaiter.target.host.kubelet.KubeletRuntime;
import dev.tidewaiter.target.host.system.SystemTrust;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A host with one runtime, what others have there, and what an environment wants: in two versions,
/// so that there is something to change.
///
/// @param files of others, by path
record HostScene(
    String name, Opening runtime, Map<String, String> files, Wishes first, Wishes second) {
  private static final String PASSWD = "root:x:0:0::/root:/bin/sh\n";

  /// How the runtime is opened.
  interface Opening {
    HostRuntime open(FileChanges changes, Sealer sealer, Path root);
  }

  /// What is wanted, by resource and field: a plain text, or a payload.
  static final class Wishes {
    private final Map<ResourceId, Map<String, Object>> wanted = new LinkedHashMap<>();

    Wishes plain(ResourceId id, String field, String text) {
      return add(id, field, text);
    }

    Wishes login(ResourceId id, String field, String password) {
      var credential = new Credential(Secret.of("puller"), Secret.of(password), null, null);
      return add(id, field, new Payload.Auth(credential));
    }

    Wishes file(ResourceId id, String content) {
      return plain(id, "mode", id.name().endsWith(".key") ? "0600" : "0644")
          .add(id, "content", new Payload.Text(Secret.of(content)));
    }

    private Wishes add(ResourceId id, String field, Object value) {
      wanted.computeIfAbsent(id, _ -> new LinkedHashMap<>()).put(field, value);
      return this;
    }

    List<Resource> resources(Sealer sealer) {
      var resources = new ArrayList<Resource>();
      wanted.forEach(
          (id, values) -> {
            var fields = new TreeMap<String, DesiredField>();
            values.forEach(
                (field, value) ->
                    fields.put(field, new Known(value(id, field, value, sealer), Origin.DECLARED)));
            resources.add(new Resource(id, fields));
          });
      return resources;
    }

    private static FieldValue value(ResourceId id, String field, Object value, Sealer sealer) {
      return switch (value) {
        case Payload.Auth(Credential credential) ->
            new FieldValue.Sealed(sealer.seal(id, field, credential.sealable()));
        case Payload.Text(Secret text) when id.name().endsWith(".key") ->
            new FieldValue.Sealed(sealer.seal(id, field, text));
        case Payload.Text(Secret text) ->
            new FieldValue.Plain(
                HostFile.digest(FileContent.of(text.reveal().getBytes(StandardCharsets.UTF_8))));
        default -> new FieldValue.Plain(value.toString());
      };
    }

    @org.jspecify.annotations.Nullable
    Payload payload(ResourceId id, String field) {
      return wanted.getOrDefault(id, Map.of()).get(field) instanceof Payload payload
          ? payload
          : null;
    }
  }

  /// @param material certificates that are valid
  static List<HostScene> all(Material material) {
    return List.of(
        docker(material), hosts(material), containers(material), kubelet(), system(material));
  }

  /// Certificates for the scenes.
  ///
  /// @param ca one authority, and another
  record Material(
      String ca, String otherCa, String client, String key, String otherClient, String otherKey) {}

  private static HostScene docker(Material material) {
    return new HostScene(
        "docker",
        (changes, sealer, root) ->
            new DockerRuntime(
                changes,
                DockerRuntime.engineFor(root),
                sealer,
                Duration.ofMillis(100),
                System::nanoTime),
        Map.of(
            "etc/passwd",
            PASSWD,
            "etc/docker/daemon.json",
            "{\"debug\": true, \"insecure-registries\": [\"theirs.test\"]}",
            "root/.docker/config.json",
            "{\"auths\": {\"theirs.test\": {\"auth\": \"YTpi\"}}}"),
        docker(material.ca(), material.client(), material.key(), "first"),
        docker(material.otherCa(), material.otherClient(), material.otherKey(), "second"));
  }

  private static Wishes docker(String ca, String client, String key, String password) {
    String directory = "etc/docker/certs.d/quay.test/";
    return new Wishes()
        .file(new ResourceId(ResourceKind.CERTIFICATE_FILE, "docker", directory + "ca.crt"), ca)
        .file(
            new ResourceId(ResourceKind.CERTIFICATE_FILE, "docker", directory + "client.cert"),
            client)
        .file(
            new ResourceId(ResourceKind.CERTIFICATE_FILE, "docker", directory + "client.key"), key)
        .plain(
            new ResourceId(ResourceKind.INSECURE_REGISTRIES, "docker", "etc/docker/daemon.json"),
            "insecure-registries/" + password + ".test",
            "present")
        .login(
            new ResourceId(ResourceKind.USER_CREDENTIALS, "docker", "root"),
            "auths/quay.test",
            password);
  }

  /// What lies below a `certs.d`, as docker and containerd have it.
  private static HostScene hosts(Material material) {
    return new HostScene(
        "hosts",
        HostsRuntime::new,
        Map.of(
            "etc/containerd/certs.d/theirs.test/hosts.toml", "server = \"https://theirs.test\"\n"),
        hosts(material.ca(), "quay.test", "first.test"),
        hosts(material.otherCa(), "quay.test", "second.test"));
  }

  private static Wishes hosts(String ca, String... registries) {
    String tree = "etc/containerd/certs.d/";
    var denial = new ResourceId(ResourceKind.DENIAL, "containerd", tree + "_default/hosts.toml");
    var wishes = new Wishes().plain(denial, "denied", "present");
    for (String registry : registries) {
      String directory = tree + registry;
      wishes
          .file(
              new ResourceId(ResourceKind.CERTIFICATE_FILE, "containerd", directory + "/ca.crt"),
              ca)
          .plain(
              new ResourceId(ResourceKind.REGISTRY_HOST, "containerd", directory + "/hosts.toml"),
              "endpoint/1",
              "https://" + registry + " ca=/" + directory + "/ca.crt")
          .plain(denial, "allowed/" + registry, "present");
    }
    return wishes;
  }

  private static HostScene containers(Material material) {
    return new HostScene(
        "containers",
        (changes, sealer, root) -> ContainersRuntime.of(changes, root, sealer, System::nanoTime),
        Map.of(
            "etc/passwd",
            PASSWD,
            "root/.profile",
            "",
            "etc/containers/policy.json",
            """
            {"default": [{"type": "insecureAcceptAnything"}],
             "transports": {"docker-daemon": {"": [{"type": "insecureAcceptAnything"}]}}}
            """),
        containers(material.ca(), "first"),
        containers(material.otherCa(), "second"));
  }

  private static Wishes containers(String ca, String word) {
    var policy =
        new ResourceId(ResourceKind.SIGNATURE_POLICY, "containers", "etc/containers/policy.json");
    var dropIn =
        new ResourceId(
            ResourceKind.REGISTRIES_DROP_IN,
            "containers",
            "etc/containers/registries.conf.d/90-tidewaiter.conf");
    return new Wishes()
        .file(
            new ResourceId(
                ResourceKind.CERTIFICATE_FILE,
                "containers",
                "etc/containers/certs.d/quay.test/ca.crt"),
            ca)
        .login(
            new ResourceId(ResourceKind.USER_CREDENTIALS, "containers", "root"),
            "auths/quay.test",
            word)
        .plain(dropIn, "registry/" + word + ".test", word + ".test")
        .plain(dropIn, "registry/quay.test", "quay.test insecure")
        .plain(policy, "default", "reject")
        .plain(policy, "allow/quay.test", "present")
        .plain(policy, "allow/" + word + ".test", "present");
  }

  private static HostScene kubelet() {
    var id =
        new ResourceId(ResourceKind.NODE_CREDENTIALS, "kubelet", "var/lib/kubelet/config.json");
    return new HostScene(
        "kubelet",
        (changes, sealer, _) -> new KubeletRuntime(changes, sealer),
        Map.of("var/lib/kubelet/cpu_manager_state", "{}"),
        new Wishes().login(id, "auths/quay.test", "first").login(id, "auths/a.test", "stays"),
        new Wishes().login(id, "auths/quay.test", "second").login(id, "auths/b.test", "comes"));
  }

  private static HostScene system(Material material) {
    var id =
        new ResourceId(
            ResourceKind.TRUSTED_CERTIFICATE,
            "system",
            "usr/local/share/ca-certificates/tidewaiter-quay.crt");
    return new HostScene(
        "system",
        (changes, _, root) -> new SystemTrust(changes, root),
        Map.of("usr/sbin/update-ca-certificates", "#!/bin/sh\n", "etc/ca-certificates.conf", ""),
        new Wishes().file(id, material.ca()),
        new Wishes().file(id, material.otherCa()));
  }
}
