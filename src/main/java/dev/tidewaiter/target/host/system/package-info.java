/// The trust store of a host's system: what every program there trusts that has no trust of its
/// own.
///
/// Opt-in, because it is far wider than pulls, and because daemons written in Go read the store
/// once: dockerd, containerd and CRI-O trust a new CA only after a restart. `certs.d` needs
/// neither.
@NullMarked
package dev.tidewaiter.target.host.system;

import org.jspecify.annotations.NullMarked;
