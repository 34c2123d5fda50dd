package dev.tidewaiter.target.host;

import java.io.IOException;

/// The credentials of one user, in a file below the home.
public interface UserPlace extends AuthsFile.Place {
  UserFile own();

  @Override
  default HostPath volume() {
    return own().home(path());
  }

  @Override
  default boolean isAbandoned() throws IOException {
    return own().isAbandoned();
  }

  @Override
  default Ownership file() throws IOException {
    return own().file();
  }

  @Override
  default Ownership directories() throws IOException {
    return own().directories(path());
  }
}
