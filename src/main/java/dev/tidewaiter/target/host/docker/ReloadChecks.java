package dev.tidewaiter.target.host.docker;

import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostFiles;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.JsonDocument;
import java.io.IOException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What must hold before dockerd is told to read its file again. Measured on 20.10 and 28.5,
/// because no document says it:
///
/// - A key that is also a flag makes the reload fail, and the next start too.
/// - A reload parses the file alone. An authorization plugin that was given as a flag is dropped
///   silently: a pull that it denied succeeds afterwards.
/// - A reload with an authorization plugin that cannot be found ends dockerd.
///
/// `dockerd --validate` is not asked: 20.10 does not have it, and 28.5 answers `configuration OK`
/// to a missing plugin and to an address that it then refuses. What it does find, an unknown key or
/// a key that is also a flag, makes a reload fail as a whole, and [SettingsChange] takes that back.
///
/// Source: `reloadConfig` in moby `daemon/command/daemon.go`, and for where plugins are found
/// [plugin discovery](https://docs.docker.com/engine/extend/plugin_api/#plugin-discovery).
final class ReloadChecks {
  private static final String PLUGINS = "authorization-plugins";
  private static final List<String> SPECIFICATIONS =
      List.of("etc/docker/plugins", "usr/lib/docker/plugins");

  private ReloadChecks() {}

  /// @throws HostFileException if a reload would do harm; nothing may then be written, because the
  ///   next start reads the same file
  static void require(DaemonFlags flags, JsonDocument settings, HostFiles files)
      throws IOException {
    for (DaemonKey key : DaemonKey.values()) {
      if (flags.has(key.flag())) {
        throw HostFileException.unsafe(
            "dockerd was started with --"
                + key.flag()
                + ", and does not accept "
                + key.key()
                + " in its file beside it. Move the flag's value into the file.");
      }
    }
    if (flags.has("authorization-plugin")) {
      throw HostFileException.unsafe(
          "dockerd was started with --authorization-plugin, and a reload would drop the plugin"
              + " silently. Move the flag's value into the file and restart dockerd.");
    }
    for (JsonNode plugin : settings.tree().path(PLUGINS)) {
      String name = plugin.asString("");
      if (!isFound(name, files)) {
        throw HostFileException.unsafe(
            "dockerd's file names the authorization plugin `"
                + name
                + "`, which has no socket and no specification, so a reload would end dockerd."
                + " Start the plugin, or remove it from the file. One that `docker plugin install`"
                + " manages counts as missing, because only dockerd can see it.");
      }
    }
  }

  private static boolean isFound(String name, HostFiles files) throws IOException {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.-]*")) {
      return false;
    }
    HostPath sockets = new HostPath("run/docker/plugins");
    if (files.exists(sockets.child(name + ".sock"))
        || files.exists(sockets.child(name).child(name + ".sock"))) {
      return true;
    }
    for (String directory : SPECIFICATIONS) {
      var path = new HostPath(directory);
      for (String ending : List.of(".spec", ".json")) {
        if (files.exists(path.child(name + ending))
            || files.exists(path.child(name).child(name + ending))) {
          return true;
        }
      }
    }
    return false;
  }
}
