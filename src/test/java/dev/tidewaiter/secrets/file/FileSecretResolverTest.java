package dev.tidewaiter.secrets.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Secret;
import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.secrets.SecretLookup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSecretResolverTest {
  @TempDir Path directory;
  private Path allowed;
  private Path outside;

  @BeforeEach
  void makeDirectories() throws IOException {
    allowed = Files.createDirectory(directory.resolve("allowed"));
    outside = Files.writeString(directory.resolve("outside"), "must not be read: outside");
  }

  @Test
  void readsAFileWithoutItsLastNewlineAlone() throws IOException {
    Files.writeString(allowed.resolve("password"), " pass word \n\n");
    assertThat(lookUp("password"))
        .isEqualTo(new SecretLookup.Found(Secret.of(" pass word \n"), ""));
  }

  @Test
  void followsLinksWithinTheDirectoryAsKubernetesMakesThem() throws IOException {
    Files.createDirectory(allowed.resolve("..2026"));
    Files.writeString(allowed.resolve("..2026/password"), "linked");
    Files.createSymbolicLink(allowed.resolve("..data"), Path.of("..2026"));
    Files.createSymbolicLink(allowed.resolve("password"), Path.of("..data/password"));
    assertThat(lookUp("password")).isInstanceOf(SecretLookup.Found.class);
  }

  @Test
  void deniesEveryWayOut() throws IOException {
    Files.createSymbolicLink(allowed.resolve("link"), outside);
    assertThat(lookUp("link")).isInstanceOf(SecretLookup.Denied.class);
    assertThat(lookUp("../outside")).isInstanceOf(SecretLookup.Denied.class);
    assertThat(lookUp("../not-there-at-all")).isInstanceOf(SecretLookup.Denied.class);
    assertThat(lookUp("../allowed-by-prefix-only")).isInstanceOf(SecretLookup.Denied.class);
  }

  @Test
  void tellsAbsentFromUnusable() throws IOException {
    assertThat(lookUp("never")).isInstanceOf(SecretLookup.Absent.class);
    Files.createDirectory(allowed.resolve("folder"));
    assertThat(lookUp("folder")).isInstanceOf(SecretLookup.Unavailable.class);
    Files.write(allowed.resolve("binary"), new byte[] {(byte) 0xc3, (byte) 0x28});
    assertThat(lookUp("binary")).isInstanceOf(SecretLookup.Unavailable.class);
    Files.write(allowed.resolve("most"), new byte[FileSecretResolver.MAX_BYTES]);
    assertThat(lookUp("most")).isInstanceOf(SecretLookup.Found.class);
    Files.write(allowed.resolve("large"), new byte[FileSecretResolver.MAX_BYTES + 1]);
    assertThat(lookUp("large")).isInstanceOf(SecretLookup.Unavailable.class);
  }

  private SecretLookup lookUp(String name) {
    SecretReference reference = new SecretReference.File(allowed + "/" + name);
    var lookups = new FileSecretResolver(List.of(allowed)).resolve(Set.of(reference));
    return lookups.values().iterator().next();
  }
}
