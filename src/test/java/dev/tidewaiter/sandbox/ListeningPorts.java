package dev.tidewaiter.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The addresses that a process of this machine listens on, as the kernel says.
///
/// Source: proc_pid_net(5); an address is in hexadecimal, in the order of the machine's bytes.
final class ListeningPorts {
  private static final String LISTEN = "0A";
  private static final String LOOPBACK = "0100007F";
  private static final String LOOPBACK_6 = "00000000000000000000000001000000";
  private static final String LOOPBACK_MAPPED = "0000000000000000FFFF00000100007F";
  private static final Set<String> LOOPBACKS = Set.of(LOOPBACK, LOOPBACK_6, LOOPBACK_MAPPED);

  private ListeningPorts() {}

  /// In hexadecimal, `address:port`.
  static List<String> of(long pid) throws IOException {
    Set<String> sockets = sockets(pid);
    var found = new ArrayList<String>();
    for (String table : List.of("tcp", "tcp6")) {
      for (String line : Files.readAllLines(Path.of("/proc/%d/net/%s".formatted(pid, table)))) {
        String[] columns = line.strip().split(" +", -1);
        if (columns[3].equals(LISTEN) && sockets.contains("socket:[" + columns[9] + "]")) {
          found.add(columns[1]);
        }
      }
    }
    return found;
  }

  static boolean isLoopback(String address) {
    return LOOPBACKS.contains(address.substring(0, address.indexOf(':')));
  }

  private static Set<String> sockets(long pid) throws IOException {
    var sockets = new HashSet<String>();
    try (var descriptors = Files.newDirectoryStream(Path.of("/proc/%d/fd".formatted(pid)))) {
      for (Path descriptor : descriptors) {
        try {
          sockets.add(Files.readSymbolicLink(descriptor).toString());
        } catch (NoSuchFileException _) {
          // Closed meanwhile.
        }
      }
    }
    return sockets;
  }
}
