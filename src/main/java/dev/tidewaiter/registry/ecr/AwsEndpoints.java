package dev.tidewaiter.registry.ecr;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/// Where the services are, each null for the SDK's own answer: the region's endpoint, or what the
/// daemon's environment says.
///
/// Source: [service-specific
/// endpoints](https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html):
/// `AWS_ENDPOINT_URL_ECR`, `AWS_ENDPOINT_URL_ECR_PUBLIC`, `AWS_ENDPOINT_URL_STS`,
/// `AWS_ENDPOINT_URL`.
record AwsEndpoints(@Nullable URI ecr, @Nullable URI ecrPublic, @Nullable URI sts) {
  static final AwsEndpoints OF_SDK = new AwsEndpoints(null, null, null);
}
