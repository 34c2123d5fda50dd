package dev.tidewaiter.model;

import java.io.EOFException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/// Why a file, or a server, could not be used, in words for people.
///
/// By the type alone, and for files by the operating system's own reason: another message may quote
/// what was read.
public final class PlainCause {
  private PlainCause() {}

  /// A few words without a full stop; for what is not known here, the name of its type.
  public static String of(Throwable failure) {
    return switch (failure) {
      case NoSuchFileException _ -> "there is no such file or directory";
      case AccessDeniedException _ -> "permission denied";
      case NotDirectoryException _ -> "it is no directory";
      case FileAlreadyExistsException _ -> "something else is in its place";
      case DirectoryNotEmptyException _ -> "the directory is not empty";
      case FileSystemLoopException _ -> "symbolic links in a circle";
      case FileSystemException e when e.getReason() != null -> e.getReason();
      case CharacterCodingException _ -> "it is not UTF-8";
      case BindException _ -> "the address is in use, not of this machine, or reserved";
      case ConnectException _ -> "no connection";
      case NoRouteToHostException _ -> "no route to the host";
      case UnknownHostException _, UnresolvedAddressException _ -> "no such host";
      case SocketTimeoutException _, TimeoutException _ -> "out of time";
      case SSLException _ -> "no agreement on TLS";
      case EOFException _,
          ClosedChannelException _,
          PortUnreachableException _,
          SocketException _ ->
          "the connection broke";
      default -> failure.getClass().getSimpleName();
    };
  }
}
