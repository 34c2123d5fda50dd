package dev.tidewaiter.target.host.containerd;

/// What to do where containerd looks for no host directories.
final class ConfigPathAdvice {
  private ConfigPathAdvice() {}

  static String of(
      Containerd.Program program, EffectiveSettings settings, ContainerdVersion version) {
    String place = program.settings() + ": ";
    if (settings.hasMirrors()) {
      return place
          + "`mirrors` or `configs` with `tls` is set there, with which containerd reads no host"
          + " directories. Declare those mirrors instead, remove both, set "
          + key(version)
          + " and restart containerd.";
    }
    return place
        + "no config_path is set, so containerd looks for no host directories. Set "
        + key(version)
        + (version.isAtLeast(2, 0, 0)
            ? ""
            : " in that very file, as an imported one would replace all its settings of CRI,")
        + " and restart containerd; or let Tidewaiter write it: `host: {containerd: {configPath:"
        + " Set}}` in the daemon's own configuration.";
  }

  // A file of version 2 is read by 2.x too; it keeps the older key.
  private static String key(ContainerdVersion version) {
    String before2 =
        "`config_path = \""
            + Containerd.DIRECTORY
            + "\"` below `[plugins.\""
            + EffectiveSettings.OLD_PLUGIN
            + "\".registry]`";
    return version.isAtLeast(2, 0, 0)
        ? before2
            + " (`[plugins.\""
            + EffectiveSettings.NEW_PLUGIN
            + "\".registry]` where the file says `version = 3`)"
        : before2;
  }
}
