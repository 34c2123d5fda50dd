package dev.tidewaiter.desired;

import dev.tidewaiter.desired.RegistryHost.Endpoint;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.policy.RepositoryPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The servers that a runtime asks for the images of one registry, in order.
///
/// @param steps never empty; the last is the registry itself, or what stands for it
record Reach(List<Step> steps) {
  /// @param registry what is declared of the server; null for nothing
  record Step(Endpoint endpoint, @Nullable Served registry) {
    /// Whether nobody on the way can read what is sent, as far as that can be helped: a credential
    /// goes nowhere else.
    boolean isPrivate() {
      String plain = "http://";
      return !endpoint.url().startsWith(plain)
          || isLoopback(endpoint.url().substring(plain.length()).replaceFirst("/.*", ""));
    }
  }

  Reach {
    steps = List.copyOf(steps);
  }

  /// Where one finds the servers of registries.
  record Finder(HostIntent intent, RuntimeFacts runtime) {
    /// Of a registry with its mirrors. A credential for the registry never goes to a mirror of it:
    /// a mirror that is a declared registry has its own.
    Reach of(RegistryAddress address) {
      List<Step> own = steps(address, "");
      Stream<Step> mirrors =
          intent.at(address).stream()
              .filter(_ -> runtime.can(Capability.MIRRORS))
              .flatMap(served -> served.registry().mirrors().stream())
              .flatMap(mirror -> mirror(mirror).stream())
              .filter(step -> own.stream().noneMatch(one -> isSame(one, step)));
      return new Reach(Stream.concat(mirrors, own.stream()).toList());
    }

    /// Of Docker Hub where a default registry serves it.
    Reach of(RepositoryPrefix redirect) {
      return new Reach(steps(redirect.address(), redirect.path()));
    }

    private List<Step> mirror(String mirror) {
      int slash = mirror.indexOf('/');
      return slash < 0
          ? steps(new RegistryAddress(mirror), "")
          : steps(new RegistryAddress(mirror.substring(0, slash)), mirror.substring(slash + 1));
    }

    private static boolean isSame(Step one, Step other) {
      return one.endpoint().url().equals(other.endpoint().url());
    }

    // A registry that is insecure is asked with TLS first, as Docker does.
    private List<Step> steps(RegistryAddress address, String path) {
      Served served = intent.at(address).orElse(null);
      boolean insecure =
          runtime.can(Capability.INSECURE)
              && (isMarked(served) || (isLoopback(address.text()) && !hasCa(served)));
      var steps = new ArrayList<Step>();
      steps.add(new Step(endpoint("https", address, path, served, insecure), served));
      if (insecure) {
        Endpoint plain = endpoint("http", address, path, null, false);
        steps.add(new Step(plain, served));
      }
      return steps;
    }

    private static boolean isMarked(@Nullable Served served) {
      return served != null && served.registry().tls().insecure();
    }

    private static boolean hasCa(@Nullable Served served) {
      return served != null && served.registry().tls().ca() != null;
    }

    private Endpoint endpoint(
        String scheme,
        RegistryAddress address,
        String path,
        @Nullable Served served,
        boolean insecure) {
      String root = scheme + "://" + server(address);
      return new Endpoint(
          path.isEmpty() ? root : root + "/v2/" + path,
          !path.isEmpty(),
          insecure,
          insecure || served == null ? null : ca(served),
          served == null ? null : client(served));
    }

    // Where Docker Hub really is: its name is that of a web site.
    private static String server(RegistryAddress address) {
      return address.isDockerHub() ? "registry-1.docker.io" : address.text();
    }

    private @Nullable String ca(Served served) {
      return served.material().ca() == null || !runtime.can(Capability.CA)
          ? null
          : directory(served) + "/" + CertificateResources.CA;
    }

    private @Nullable String client(Served served) {
      boolean shown =
          served.material().clientCertificate() != null
              && runtime.can(Capability.CLIENT_CERTIFICATE);
      return shown ? directory(served) : null;
    }

    private String directory(Served served) {
      return "/" + runtime.directory() + "/" + served.address();
    }
  }

  // What is on the machine itself is asked without TLS where nobody says otherwise, as dockerd
  // (registry/config.go, 127.0.0.0/8) and containerd (docker.MatchLocalhost) do.
  private static boolean isLoopback(String authority) {
    String host = authority.replaceFirst(":.*", "");
    return host.equals("localhost") || host.matches("127(\\.[0-9]+){3}");
  }

  /// Why a file that one of the servers needs is not known; empty if all are.
  Optional<String> withheld() {
    return steps.stream()
        .filter(step -> step.endpoint().ca() != null || step.endpoint().client() != null)
        .flatMap(step -> Stream.ofNullable(step.registry()))
        .map(Served::material)
        .flatMap(
            material ->
                Stream.of(
                        Optional.ofNullable(material.ca()),
                        Optional.ofNullable(material.clientCertificate()),
                        Optional.ofNullable(material.clientKey()))
                    .flatMap(Optional::stream))
        .flatMap(
            text ->
                text instanceof RegistryMaterial.Text.Withheld(String reason)
                    ? Stream.of(reason)
                    : Stream.empty())
        .findFirst();
  }
}
