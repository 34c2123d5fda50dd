package dev.tidewaiter.target.host.containerd;

import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.certsd.Denials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the running containerd says of a denial.
final class RuntimeDenials implements Denials {
  private static final Path OURSELVES = Path.of("/proc/self/cgroup");
  private static final Pattern CONTAINER = Pattern.compile("[0-9a-f]{64}");

  private final Containerd containerd;
  private final PullProbe probe;

  RuntimeDenials(Containerd containerd, PullProbe probe) {
    this.containerd = containerd;
    this.probe = probe;
  }

  /// The image of every pod's sandbox, those of the containers in `kube-system`, and our own.
  @Override
  public List<ImageReference> needed() throws IOException {
    Optional<Containerd.Program> program = containerd.find();
    if (program.isEmpty() || program.get().running() == null) {
      throw HostFileException.unsafe(
          LocalContainerd.SOCKET
              + ": no containerd runs that could say what the machine itself needs.");
    }
    Containerd.Images images = program.get().images();
    var names = new ArrayList<String>();
    program.get().dump(null).sandboxImage().ifPresent(names::add);
    names.addAll(images.imagesOf("kube-system"));
    Matcher ourselves = CONTAINER.matcher(Files.readString(OURSELVES, StandardCharsets.UTF_8));
    if (ourselves.find()) {
      names.addAll(images.imagesOfContainer(ourselves.group()));
    }
    return names.stream().flatMap(name -> ImageReference.parse(name).stream()).toList();
  }

  /// @throws HostFileException of reason `Unavailable` if containerd did not show whether it denies
  @Override
  public Optional<String> refutation() throws IOException {
    Optional<Containerd.Program> program = containerd.find();
    if (program.isEmpty() || program.get().running() == null) {
      return Optional.empty();
    }
    return switch (probe.unlisted(program.get().images())) {
      case PullProbe.Finding.Denied() -> Optional.empty();
      case PullProbe.Finding.Asked(String reason) -> Optional.of(reason);
      case PullProbe.Finding.Unclear(String reason) ->
          throw new HostFileException(FailureReason.Unavailable, reason);
    };
  }
}
