package dev.tidewaiter.source.git;

import java.util.TimeZone;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/// The machine as JGit sees it: without a user, without Git's configuration, without environment.
///
/// What a developer's `~/.gitconfig` says (`url.insteadOf`, proxies, credential helpers, disabled
/// certificate checks) must not change what the daemon fetches. JGit knows no other way to keep
/// them out than its one process-wide reader.
final class IsolatedSystem extends SystemReader {
  private final SystemReader machine;

  private IsolatedSystem(SystemReader machine) {
    this.machine = machine;
  }

  /// Puts it in place; does nothing the second time.
  static synchronized void install() {
    SystemReader machine = SystemReader.getInstance();
    if (!(machine instanceof IsolatedSystem)) {
      SystemReader.setInstance(new IsolatedSystem(machine));
    }
  }

  @Override
  public @Nullable String getenv(String variable) {
    return null;
  }

  @Override
  public FileBasedConfig openUserConfig(@Nullable Config parent, FS fs) {
    return new NoConfig(parent, fs);
  }

  @Override
  public FileBasedConfig openSystemConfig(@Nullable Config parent, FS fs) {
    return new NoConfig(parent, fs);
  }

  @Override
  public FileBasedConfig openJGitConfig(@Nullable Config parent, FS fs) {
    return new NoConfig(parent, fs);
  }

  @Override
  public String getHostname() {
    return machine.getHostname();
  }

  @Override
  public String getProperty(String key) {
    return machine.getProperty(key);
  }

  @Deprecated
  @Override
  public long getCurrentTime() {
    return machine.now().toEpochMilli();
  }

  @Deprecated
  @Override
  public int getTimezone(long when) {
    return TimeZone.getTimeZone(machine.getTimeZoneId()).getOffset(when) / 60_000;
  }

  /// A configuration that has no file: nothing is read, and what JGit saves is forgotten.
  private static final class NoConfig extends FileBasedConfig {
    @SuppressWarnings("NullAway") // JGit's own way to say that there is no file.
    NoConfig(@Nullable Config parent, FS fs) {
      super(parent, null, fs);
    }

    @Override
    public void load() {}

    @Override
    public void save() {}

    /// JGit otherwise measures the precision of the file system's times for some seconds, with
    /// files of its own, before it first reads a repository. Two seconds are its own fallback: it
    /// trusts nothing it remembers of a file that changed within them.
    @Override
    public long getTimeUnit(
        String section, String subsection, String name, long defaultValue, TimeUnit wantUnit) {
      return section.equals(ConfigConstants.CONFIG_FILESYSTEM_SECTION)
          ? wantUnit.convert(2, TimeUnit.SECONDS)
          : super.getTimeUnit(section, subsection, name, defaultValue, wantUnit);
    }

    @Override
    public boolean isOutdated() {
      return false;
    }
  }
}
