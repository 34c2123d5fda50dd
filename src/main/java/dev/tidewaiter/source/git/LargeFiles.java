package dev.tidewaiter.source.git;

import java.io.IOException;
import java.util.List;
import org.eclipse.jgit.errors.PackProtocolException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.transport.FetchResult;
import org.eclipse.jgit.transport.FilterSpec;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.Transport;

/// Leaves out, where the server offers it, what is larger than a declaration can be: JGit holds a
/// file that is stored as a difference in memory, twice.
///
/// A clone without them says so as Git's own [partial
/// clones](https://git-scm.com/docs/partial-clone) do.
final class LargeFiles {
  private static final String FILTER = "blob:limit=" + (YamlFiles.MAX_BYTES + 1);
  private static final String SECTION = "remote";
  private static final String NAME = "tidewaiter";
  private static final String KEY = "partialclonefilter";

  private LargeFiles() {}

  /// Whether a blob that is not here may be on the server.
  static boolean mayBeAbsent(Repository clone) {
    return clone.getConfig().getString(SECTION, NAME, KEY) != null;
  }

  /// Downloads without them; with them, if the server does not know how.
  static FetchResult fetchWithout(Repository clone, Transport transport, List<RefSpec> specs)
      throws IOException {
    // A difference to what was left out could not be resolved.
    transport.setFetchThin(false);
    transport.setFilterSpec(FilterSpec.fromFilterLine(FILTER));
    try {
      FetchResult result = transport.fetch(NullProgressMonitor.INSTANCE, specs);
      StoredConfig config = clone.getConfig();
      config.setString(SECTION, NAME, KEY, FILTER);
      config.save();
      return result;
    } catch (TransportException e) {
      // That is how JGit says, among others, that the server offers no filter.
      if (!(e instanceof PackProtocolException || e.getCause() instanceof PackProtocolException)) {
        throw e;
      }
      transport.setFilterSpec(FilterSpec.NO_FILTER);
      return transport.fetch(NullProgressMonitor.INSTANCE, specs);
    }
  }
}
