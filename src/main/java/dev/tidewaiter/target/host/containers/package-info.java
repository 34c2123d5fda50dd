/// podman and CRI-O, which share the files of containers/image: the signature policy, a drop-in of
/// registries, certificates, and users' credentials.
///
/// All of these are read by podman at every start and by CRI-O at every pull, but for the
/// registries, which CRI-O reads again at SIGHUP. A malformed file of them stops every pull of the
/// machine: so what is written is tried before with podman or skopeo, where one is there.
@NullMarked
package dev.tidewaiter.target.host.containers;

import org.jspecify.annotations.NullMarked;
