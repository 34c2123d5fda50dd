package dev.tidewaiter.target.host.certsd;

import dev.tidewaiter.target.host.HostPath;

/// A directory that somebody else made in a tree where we deny what is not listed: its registry is
/// exempt from the denial, whatever is in it.
///
/// @param registry `host[:port]` that is looked up there
/// @param shadows whether it takes the place of a directory of ours: `host_port_` comes before
///   `host:port`
public record ForeignDirectory(HostPath path, String registry, boolean shadows) {
  /// What it does and what to do, in one sentence.
  @Override
  public String toString() {
    return shadows
        ? path
            + ": a directory that somebody else made takes the place of ours for "
            + registry
            + "; remove it."
        : path
            + ": a directory that somebody else made admits "
            + registry
            + "; remove it, or put "
            + registry
            + " on the allow-list.";
  }
}
