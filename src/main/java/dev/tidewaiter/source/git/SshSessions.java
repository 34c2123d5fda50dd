package dev.tidewaiter.source.git;

import dev.tidewaiter.source.SourceException;
import dev.tidewaiter.source.git.GitSettings.Login;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import org.eclipse.jgit.internal.transport.sshd.OpenSshServerKeyDatabase;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.sshd.ServerKeyDatabase;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;
import org.jspecify.annotations.Nullable;

/// SSH sessions with one key and one file of known hosts: no agent, no `~/.ssh`, no question to
/// anybody.
final class SshSessions {
  private SshSessions() {}

  /// @param home an empty directory, made if absent, that stands for the user's
  static SshdSessionFactory open(Login.Ssh login, Path home, Answers answers)
      throws IOException, SourceException {
    for (Path file : List.of(login.key(), login.knownHosts())) {
      if (!Files.isReadable(file)) {
        throw new SourceException("the SSH file " + file + " cannot be read", null);
      }
    }
    File own = Files.createDirectories(home).toFile();
    return new SshdSessionFactoryBuilder()
        .setHomeDirectory(own)
        .setSshDirectory(own)
        .setConfigStoreFactory((_, _, _) -> null)
        .setConnectorFactory(null)
        .setPreferredAuthentications("publickey")
        .setDefaultIdentities(_ -> List.of(login.key()))
        .setServerKeyDatabase((_, _) -> new KnownHosts(login.knownHosts(), answers))
        .setProxyDataFactory(_ -> null)
        .build(null);
  }

  /// The file of known hosts; a key that is not in it is refused, and the file is never written.
  private static final class KnownHosts implements ServerKeyDatabase {
    private final ServerKeyDatabase file;
    private final Answers answers;

    KnownHosts(Path knownHosts, Answers answers) {
      this.file = new OpenSshServerKeyDatabase(false, List.of(knownHosts));
      this.answers = answers;
    }

    @Override
    public List<PublicKey> lookup(
        String connectAddress, InetSocketAddress remoteAddress, Configuration config) {
      return file.lookup(connectAddress, remoteAddress, new Strict(config.getUsername()));
    }

    @Override
    public boolean accept(
        String connectAddress,
        InetSocketAddress remoteAddress,
        PublicKey serverKey,
        Configuration config,
        @Nullable CredentialsProvider nobody) {
      boolean known =
          file.accept(
              connectAddress, remoteAddress, serverKey, new Strict(config.getUsername()), null);
      answers.hostKey(known ? Answers.HostKey.ACCEPTED : Answers.HostKey.REFUSED);
      return known;
    }
  }

  private record Strict(String getUsername) implements ServerKeyDatabase.Configuration {
    @Override
    public List<String> getUserKnownHostsFiles() {
      return List.of();
    }

    @Override
    public List<String> getGlobalKnownHostsFiles() {
      return List.of();
    }

    @Override
    public StrictHostKeyChecking getStrictHostKeyChecking() {
      return StrictHostKeyChecking.REQUIRE_MATCH;
    }

    @Override
    public boolean getHashKnownHosts() {
      return false;
    }
  }
}
