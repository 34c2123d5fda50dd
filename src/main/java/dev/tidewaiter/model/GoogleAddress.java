package dev.tidewaiter.model;

import java.util.regex.Pattern;

/// Which addresses are Google's: Container Registry's four, and those of Artifact Registry.
///
/// Source: [Artifact Registry, repository
/// names](https://cloud.google.com/artifact-registry/docs/docker/names), [Container
/// Registry](https://cloud.google.com/container-registry/docs/overview#registries).
public final class GoogleAddress {
  private static final Pattern FORM =
      Pattern.compile("(us\\.|eu\\.|asia\\.)?gcr\\.io|[a-z0-9-]+-docker\\.pkg\\.dev");

  private GoogleAddress() {}

  public static boolean is(RegistryAddress address) {
    return FORM.matcher(address.text()).matches();
  }
}
