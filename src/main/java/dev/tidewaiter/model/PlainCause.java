package dev.tidewaiter.model;

import java.util.Map;

/// Why a file, or a server, could not be used, in words for people.
///
/// By the type alone, and by its name, as values do no I/O: a message may quote what was read.
public final class PlainCause {
  private static final String BROKEN = "the connection broke";

  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("java.nio.file.NoSuchFileException", "there is no such file or directory"),
          Map.entry("java.nio.file.AccessDeniedException", "permission denied"),
          Map.entry("java.nio.file.NotDirectoryException", "it is no directory"),
          Map.entry("java.nio.file.FileAlreadyExistsException", "something else is in its place"),
          Map.entry("java.nio.file.DirectoryNotEmptyException", "the directory is not empty"),
          Map.entry("java.nio.file.FileSystemException", "the file system refuses it"),
          Map.entry("java.nio.charset.CharacterCodingException", "it is not UTF-8"),
          Map.entry(
              "java.net.BindException", "the address is in use, not of this machine, or reserved"),
          Map.entry("java.net.ConnectException", "no connection"),
          Map.entry("java.net.NoRouteToHostException", "no route to the host"),
          Map.entry("java.net.UnknownHostException", "no such host"),
          Map.entry("java.nio.channels.UnresolvedAddressException", "no such host"),
          Map.entry("java.net.SocketTimeoutException", "out of time"),
          Map.entry("java.util.concurrent.TimeoutException", "out of time"),
          Map.entry("javax.net.ssl.SSLException", "no agreement on TLS"),
          Map.entry("java.io.EOFException", BROKEN),
          Map.entry("java.nio.channels.ClosedChannelException", BROKEN),
          Map.entry("java.net.SocketException", BROKEN));

  private PlainCause() {}

  /// A few words without a full stop; for what is not known here, the name of its type.
  public static String of(Throwable failure) {
    for (Class<?> type = failure.getClass(); type != null; type = type.getSuperclass()) {
      String words = WORDS.get(type.getName());
      if (words != null) {
        return words;
      }
    }
    return failure.getClass().getSimpleName();
  }
}
