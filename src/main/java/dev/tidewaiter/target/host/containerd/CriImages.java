package dev.tidewaiter.target.host.containerd;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a runtime answers on [CRI](https://github.com/kubernetes/cri-api), version v1, as the
/// kubelet would ask it.
///
/// The numbers are those of `pkg/apis/runtime/v1/api.proto`.
final class CriImages implements Containerd.Images {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String NAMESPACE = "io.kubernetes.pod.namespace";

  private final Path socket;

  CriImages(Path socket) {
    this.socket = socket;
  }

  @Override
  public Optional<Containerd.Refusal> pull(String image, Duration limit) throws IOException {
    GrpcCall.Reply reply =
        GrpcCall.call(socket, "/runtime.v1.ImageService/PullImage", spec(image), limit);
    return reply.status() == 0
        ? Optional.empty()
        : Optional.of(new Containerd.Refusal(reply.status(), reply.message()));
  }

  // PullImageRequest and ImageStatusRequest: ImageSpec image = 1; ImageSpec: string image = 1.
  private static byte[] spec(String image) {
    return Protobuf.field(1, Protobuf.field(1, image));
  }

  // ContainerFilter: map<string, string> label_selector = 4.
  @Override
  public List<String> imagesOf(String namespace) throws IOException {
    return images(
        Protobuf.field(
            4, Protobuf.join(Protobuf.field(1, NAMESPACE), Protobuf.field(2, namespace))));
  }

  // ContainerFilter: string id = 1.
  @Override
  public List<String> imagesOfContainer(String id) throws IOException {
    return images(Protobuf.field(1, id));
  }

  // ListContainersRequest: ContainerFilter filter = 1; ListContainersResponse: containers = 1;
  // Container: ImageSpec image = 4; ImageSpec: image = 1, user_specified_image = 18.
  private List<String> images(byte[] filter) throws IOException {
    var images = new ArrayList<String>();
    byte[] listed = ask("/runtime.v1.RuntimeService/ListContainers", Protobuf.field(1, filter));
    for (byte[] container : Protobuf.all(listed, 1)) {
      for (byte[] spec : Protobuf.all(container, 4)) {
        List<String> given = Protobuf.texts(spec, 18);
        for (String image : given.isEmpty() ? Protobuf.texts(spec, 1) : given) {
          images.addAll(names(image));
        }
      }
    }
    return images.stream().filter(name -> !name.isEmpty()).distinct().toList();
  }

  // The kubelet names an image by the digest of its configuration, which is no name of it. Of
  // several
  // names it can be pulled by any.
  // ImageStatusResponse: Image image = 1; Image: repo_tags = 2, repo_digests = 3.
  private List<String> names(String image) throws IOException {
    if (!image.matches("(sha256:)?[0-9a-f]{64}")) {
      return List.of(image);
    }
    byte[] status = ask("/runtime.v1.ImageService/ImageStatus", spec(image));
    for (byte[] known : Protobuf.all(status, 1)) {
      List<String> tags = Protobuf.texts(known, 2);
      return (tags.isEmpty() ? Protobuf.texts(known, 3) : tags).stream().limit(1).toList();
    }
    return List.of();
  }

  private byte[] ask(String method, byte[] request) throws IOException {
    GrpcCall.Reply reply = GrpcCall.call(socket, method, request, LIMIT);
    if (reply.status() != 0) {
      throw new IOException(method + ": it was answered with status " + reply.status());
    }
    return reply.content().bytes();
  }
}
