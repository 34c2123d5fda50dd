package dev.tidewaiter.config;

import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.RegistryAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The part `verify` of a Registry.
///
/// The images are asked for with the registry's own credential, so they are images of that registry
/// and of no other.
final class VerifyReader {
  private final @Nullable RegistryAddress address;
  private final List<Problem> problems;

  /// @param address null if it has a problem of its own
  VerifyReader(@Nullable RegistryAddress address, List<Problem> problems) {
    this.address = address;
    this.problems = problems;
  }

  Registry.Verify read(Fields verify) {
    Registry.Proof proof = verify.word("credential", Registry.Proof.class);
    List<ImageReference> images = new ArrayList<>();
    for (Fields image : verify.each("images")) {
      image(image).ifPresent(images::add);
    }
    if (proof == Registry.Proof.NEVER && !images.isEmpty()) {
      problems.add(
          verify.problem(
              "images",
              "cannot be verified with `credential: Never`",
              "Remove one of the two: with `Never` the registry is not asked at all."));
    }
    return new Registry.Verify(proof, images.stream().distinct().toList());
  }

  /// Empty if there was a problem.
  private Optional<ImageReference> image(Fields field) {
    Optional<ImageReference> image = ImageReference.parse(field.self());
    if (image.isEmpty()) {
      problems.add(
          field.problem(
              "",
              "is no image",
              "Write host, path, and tag or digest, such as `quay.io/acme/base:1`."));
    } else if (address != null && !isServed(image.get(), address)) {
      problems.add(
          field.problem(
              "",
              "is an image of another registry than `" + address + "`",
              "Begin it with `" + address + "/`, or move it to that Registry."));
    }
    return image;
  }

  private static boolean isServed(ImageReference image, RegistryAddress address) {
    return image.address().filter(host -> host.canonical().equals(address.canonical())).isPresent();
  }
}
