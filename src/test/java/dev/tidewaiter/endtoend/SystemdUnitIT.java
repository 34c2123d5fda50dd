package dev.tidewaiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.TestBed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What systemd itself says of the unit. That the product works within its limits is
/// [DockerHostEndToEndIT]'s.
class SystemdUnitIT {
  private static final Path SHIPPED = Path.of("src", "main", "systemd");

  /// Tenths; a unit without any hardening has 96, Debian's own for containerd has 93.
  private static final int MAX_EXPOSURE = 30;

  @TempDir private Path directory;

  @Test
  void everySettingIsKnown() throws Exception {
    Path unit = unit();
    assertThat(analyze("verify", "--man=no", unit.toString())).isEmpty();
    Files.writeString(unit, Files.readString(unit).replace("NoNewPrivileges", "NoOldPrivileges"));
    assertThat(analyze("verify", "--man=no", unit.toString())).contains("NoOldPrivileges");
  }

  @Test
  void itsExposureIsLow() throws Exception {
    String said =
        analyze(
            "security",
            "--offline=true",
            "--no-pager",
            "--threshold=" + MAX_EXPOSURE,
            unit().toString());
    assertThat(said).contains("Overall exposure level").endsWith("status 0");
  }

  /// With the example of credentials beside it, and a program where the real one will be.
  private Path unit() throws IOException {
    Path program = Files.writeString(directory.resolve("tidewaiter"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    Path dropIns = Files.createDirectories(directory.resolve("tidewaiter.service.d"));
    Files.writeString(
        dropIns.resolve("credentials.conf"), Files.readString(SHIPPED.resolve("credentials.conf")));
    return Files.writeString(
        directory.resolve("tidewaiter.service"),
        Files.readString(SHIPPED.resolve("tidewaiter.service"))
            .replace("/opt/tidewaiter/bin/tidewaiter", program.toString()));
  }

  private static String analyze(String... arguments) throws IOException, InterruptedException {
    var command =
        new ArrayList<>(List.of(TestBed.installed("/usr/bin/systemd-analyze").toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    return said.isEmpty() && status == 0 ? "" : said + "status " + status;
  }
}
