package dev.tidewaiter.secrets.file;

import dev.tidewaiter.model.Secret;
import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.secrets.SecretLookup;
import dev.tidewaiter.secrets.SecretResolver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Resolves references to files, which are read anew in every round.
///
/// A path is judged by where it really leads: Kubernetes mounts a Secret as symbolic links within
/// one directory, which is fine, and a link out of the allowed directories is not.
public final class FileSecretResolver implements SecretResolver {
  static final int MAX_BYTES = 64 * 1024;

  private final List<Path> allowedDirectories;

  /// @param allowedDirectories absolute; none: every reference is denied
  public FileSecretResolver(List<Path> allowedDirectories) {
    this.allowedDirectories = List.copyOf(allowedDirectories);
  }

  @Override
  public Map<SecretReference, SecretLookup> resolve(Set<SecretReference> references) {
    Map<SecretReference, SecretLookup> lookups = new HashMap<>();
    for (SecretReference reference : references) {
      lookups.put(
          reference,
          switch (reference) {
            case SecretReference.File file -> lookup(file.path());
            case SecretReference.Vault vault ->
                new SecretLookup.Unavailable(vault + ": not a file.");
          });
    }
    return lookups;
  }

  /// Files are not lent.
  @Override
  public void promoted(Map<SecretReference, String> leases) {}

  private SecretLookup lookup(String name) {
    try {
      Path path = Path.of(name);
      // First by its name, so that nobody learns which files exist elsewhere.
      if (!path.isAbsolute() || !isBeneath(path.normalize(), namedOrReal())) {
        return outside(name);
      }
      Path real = path.toRealPath();
      return isBeneath(real, real()) ? read(name, real) : outside(name);
    } catch (InvalidPathException e) {
      return new SecretLookup.Denied("The name of the file is not one of this system.");
    } catch (NoSuchFileException | NotDirectoryException e) {
      return new SecretLookup.Absent(name + ": there is no such file.");
    } catch (AccessDeniedException e) {
      return new SecretLookup.Denied(name + ": the daemon may not read this file.");
    } catch (CharacterCodingException e) {
      return new SecretLookup.Unavailable(name + ": the file is not UTF-8 text.");
    } catch (FileSystemException e) {
      return new SecretLookup.Unavailable(name + ": the file cannot be reached.");
    } catch (IOException e) {
      return new SecretLookup.Unavailable(name + ": the file cannot be read.");
    }
  }

  private static SecretLookup read(String name, Path real) throws IOException {
    if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
      return new SecretLookup.Unavailable(name + ": not a regular file.");
    }
    try (InputStream in = Files.newInputStream(real, LinkOption.NOFOLLOW_LINKS)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        return new SecretLookup.Unavailable(name + ": larger than 64 KiB.");
      }
      // Unlike `new String`, a new decoder reports what is not UTF-8.
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new SecretLookup.Found(Secret.of(withoutLastNewline(text)), "");
    }
  }

  // Editors and `echo` end a file with one; no more is taken away, for the rest may be meant.
  private static String withoutLastNewline(String text) {
    if (text.endsWith("\r\n")) {
      return text.substring(0, text.length() - 2);
    }
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }

  private static SecretLookup outside(String name) {
    return new SecretLookup.Denied(
        name + ": not beneath a directory of `files.allowedDirectories`.");
  }

  private static boolean isBeneath(Path path, List<Path> directories) {
    return directories.stream()
        .anyMatch(directory -> path.startsWith(directory) && !path.equals(directory));
  }

  private List<Path> namedOrReal() {
    List<Path> directories = new ArrayList<>(real());
    allowedDirectories.forEach(directory -> directories.add(directory.normalize()));
    return directories;
  }

  private List<Path> real() {
    List<Path> directories = new ArrayList<>();
    for (Path directory : allowedDirectories) {
      try {
        directories.add(directory.toRealPath());
      } catch (IOException e) {
        // A directory that is not there has nothing beneath it.
      }
    }
    return directories;
  }
}
