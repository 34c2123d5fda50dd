package dev.tidewaiter.model;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the address of a private registry of Amazon ECR says.
///
/// Source: [the kubelet's ECR credential
/// provider](https://github.com/kubernetes/cloud-provider-aws/blob/master/cmd/ecr-credential-provider/main.go),
/// `ecrPrivateHostPattern`.
///
/// @param account twelve digits
/// @param fips whether it is an endpoint of validated cryptography
/// @param dualStack whether it is reached by IPv6 too
public record EcrAddress(String account, String region, boolean fips, boolean dualStack) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?<account>[0-9]{12})\\.dkr[.-]ecr(?<fips>-fips)?\\.(?<region>[a-z0-9][a-z0-9-]*)\\."
              + "(amazonaws\\.com(\\.cn)?|on\\.(?<dual>aws|amazonwebservices\\.com\\.cn)"
              + "|sc2s\\.sgov\\.gov|c2s\\.ic\\.gov|cloud\\.adc-e\\.uk|csp\\.hci\\.ic\\.gov)");

  /// Amazon ECR Public, which has one address for the world, and its name for IPv6.
  public static boolean isPublic(RegistryAddress address) {
    return address.text().equals("public.ecr.aws") || address.text().equals("ecr-public.aws.com");
  }

  /// Empty if the address is not of this form.
  public static Optional<EcrAddress> of(RegistryAddress address) {
    Matcher form = FORM.matcher(address.text());
    return form.matches()
        ? Optional.of(
            new EcrAddress(
                form.group("account"),
                form.group("region"),
                form.group("fips") != null,
                form.group("dual") != null))
        : Optional.empty();
  }
}
