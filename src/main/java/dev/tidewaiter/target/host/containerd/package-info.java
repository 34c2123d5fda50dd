/// containerd with its CRI plugin, which pulls for Kubernetes: host directories below its
/// `config_path`, where a `hosts.toml` says how a registry is reached and `_default` denies the
/// rest.
///
/// Source: [registry host
/// configuration](https://github.com/containerd/containerd/blob/main/docs/hosts.md).
@NullMarked
package dev.tidewaiter.target.host.containerd;

import org.jspecify.annotations.NullMarked;
