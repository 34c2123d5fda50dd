package dev.tidewaiter.target.host.containers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CrioImagesTest {
  @Test
  void namesTheImagesOfTheSystemsPods() {
    String list =
        """
        {"containers": [
          {"image": {"image": "quay.io/cni/node:v1"},
           "labels": {"io.kubernetes.pod.namespace": "kube-system"}},
          {"image": {"image": "3b25b682ea82b2db3cc4fd48db818be788ee3f902ac7378090cf2624ec2442df",
             "userSpecifiedImage": "registry.k8s.io/coredns/coredns:v1"},
           "labels": {"io.kubernetes.pod.namespace": "kube-system"}},
          {"image": {"image": "must.not.be.needed/of-a-tenant:1"},
           "labels": {"io.kubernetes.pod.namespace": "shop"}}]}
        """;
    assertThat(CrioImages.running(list))
        .containsExactly("quay.io/cni/node:v1", "registry.k8s.io/coredns/coredns:v1");
    assertThat(CrioImages.running("not JSON")).isEmpty();
  }
}
