package dev.tidewaiter.cli;

import picocli.CommandLine.IVersionProvider;

/// The version of this program, from the manifest of its jar.
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"tidewaiter " + current()};
  }

  static String current() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "(not built into a jar)" : version;
  }
}
