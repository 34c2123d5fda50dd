/// `certs.d`: one directory for each registry, with its certificates and with how it is reached, as
/// dockerd and containerd read it at every pull, and podman and CRI-O the certificates.
///
/// Owns what lies below such a tree for every runtime; what a runtime alone knows it is told
/// through [dev.tidewaiter.target.host.certsd.Denials].
@NullMarked
package dev.tidewaiter.target.host.certsd;

import org.jspecify.annotations.NullMarked;
