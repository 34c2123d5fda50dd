package dev.tidewaiter.cli;

/// What a command ends with: whose turn it is.
enum ExitCode {
  /// Done, or no differences.
  OK(0),
  /// `diff` found differences.
  DIFFERENCES(1),
  /// The command line or the daemon's own configuration is wrong.
  USAGE(2),
  /// The declarations were rejected, also when an older revision in force was applied instead.
  REJECTED(3),
  /// The repository, Vault or a cluster did not answer or denied access.
  UNAVAILABLE(4),
  /// Changes failed, were withheld, or are held until approved; or images cannot be pulled.
  INCOMPLETE(5),
  /// Our own contract is broken.
  BUG(70);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
