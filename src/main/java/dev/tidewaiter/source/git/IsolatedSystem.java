package dev.tidewaiter.source.git;

import java.util.TimeZone;
import org.eclipse.jgit.lib.Config;
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
      // JGit otherwise measures the file system's clock for some seconds before it first reads a
      // repository. Until it has, it trusts no
      // file that changed within two seconds, which is safe.
      FS.FileStoreAttributes.setBackground(true);
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

    @Override
    public boolean isOutdated() {
      return false;
    }
  }
}
