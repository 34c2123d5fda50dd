package dev.tidewaiter.registry.oci;

import dev.tidewaiter.model.RegistryAddress;
import java.util.List;
import java.util.Set;
import org.apache.hc.client5.http.psl.PublicSuffixMatcherLoader;
import org.jspecify.annotations.Nullable;

/// The law of where a registry may have its credentials sent.
///
/// A token server is given them only over https, and only if its host is the registry's own, is in
/// the same registrable domain, is Docker Hub's, or was declared. An insecure registry may also
/// have one without TLS, on the very same host.
///
/// What is registrable is told by the [public suffix list](https://publicsuffix.org/list/) with its
/// private part: two customers of one host of registries are strangers. Of a name whose suffix is
/// not on the list, the last two labels are, as the list's own rule says. IP addresses have no
/// domain.
///
/// @param declared hosts, with a port where it is not 443
record TokenServers(List<String> declared) {
  private static final String OF_DOCKER_HUB = "auth.docker.io";

  /// Where each customer of a service has a host, though the list does not say so.
  private static final Set<String> SHARED =
      Set.of(
          "amazonaws.com",
          "amazonaws.com.cn",
          "azurecr.cn",
          "azurecr.io",
          "azurecr.us",
          "jfrog.io",
          "ocir.io",
          "on.aws",
          "pkg.dev");

  /// @param insecure whether the registry may be without TLS
  boolean mayServe(RegistryAddress registry, Origin realm, boolean insecure) {
    String host = Origin.of(true, registry.text()).host();
    boolean own = realm.host().equals(host);
    if (!realm.secure()) {
      return own && insecure;
    }
    return own
        || (registry.isDockerHub() && realm.host().equals(OF_DOCKER_HUB))
        || isDeclared(realm)
        || isSameDomain(host, realm.host());
  }

  private boolean isDeclared(Origin realm) {
    return declared.contains(realm.host() + ":" + realm.port())
        || (realm.port() == Origin.HTTPS && declared.contains(realm.host()));
  }

  private static boolean isSameDomain(String one, String other) {
    @Nullable String domain = domain(one);
    return domain != null && !SHARED.contains(domain) && domain.equals(domain(other));
  }

  private static @Nullable String domain(String host) {
    boolean address = host.contains(":") || host.matches("[0-9.]+");
    return address ? null : PublicSuffixMatcherLoader.getDefault().getDomainRoot(host);
  }
}
