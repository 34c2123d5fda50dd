package dev.tidewaiter.target.host.containerd;

/// Who sets containerd's `config_path`, without which it looks for no host directory.
public enum SettingsPermission {
  /// The host's administrator.
  LEAVE,
  /// Tidewaiter, where nobody did.
  SET
}
