package dev.tidewaiter.target.host.docker;

import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostFiles;
import dev.tidewaiter.target.host.LocalFiles;
import dev.tidewaiter.target.host.StateStore;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Files below `/` in which somebody else changes something whenever ours are about to be written.
record EditingFiles(Edit edit) {
  /// What somebody else does.
  interface Edit {
    Object make() throws IOException;
  }

  FileChanges changes(Path stateDirectory) throws IOException {
    var files = new LocalFiles(Path.of("/"));
    var edited =
        (HostFiles)
            Proxy.newProxyInstance(
                HostFiles.class.getClassLoader(),
                new Class<?>[] {HostFiles.class},
                (_, method, arguments) -> invoke(files, method, arguments));
    return new FileChanges(edited, StateStore.in(stateDirectory));
  }

  private @Nullable Object invoke(HostFiles files, Method method, Object[] arguments)
      throws Throwable {
    if (method.getName().equals("writeTemporary")) {
      Object _ = edit.make();
    }
    try {
      return method.invoke(files, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
