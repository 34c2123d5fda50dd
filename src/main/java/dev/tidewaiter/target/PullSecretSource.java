package dev.tidewaiter.target;

import java.util.List;

/// Where the pull Secrets of a cluster are read, content and all, to bring them into declarations.
///
/// It needs the right to list Secrets, which the daemon itself neither has nor wants.
public interface PullSecretSource extends AutoCloseable {
  /// Every pull Secret there is now, by namespace and name.
  ///
  /// @throws TargetException if not all could be read
  List<ExistingPullSecret> find() throws TargetException;

  @Override
  void close();
}
