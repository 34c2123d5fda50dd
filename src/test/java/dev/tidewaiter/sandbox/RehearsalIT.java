package dev.tidewaiter.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.Distribution;
import dev.tidewaiter.testbed.TestBed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The training run of `make build`, as it starts it, but of the classes under test.
class RehearsalIT {
  @TempDir private Path world;
  private Distribution distribution;

  @BeforeEach
  void assemble() throws IOException {
    TestBed.installed("/usr/bin/git");
    distribution = Distribution.assemble(world.resolve("a distribution"));
  }

  @Test
  void writesByTlsAndHttp2WhatIsDeclared() throws Exception {
    Path loaded = world.resolve("loaded classes");
    Ended ended = rehearse("-Xlog:class+load:file=\"" + loaded + "\"");

    assertThat(ended.exitCode()).as(ended.output()).isZero();
    assertThat(ended.output()).contains("100 to create, 100 to update, 0 to prune");
    String classes = Files.readString(loaded);
    assertThat(
            List.of(
                "sun.security.ssl.SSLEngineImpl ",
                "io.netty.handler.codec.http2.DefaultHttp2FrameReader ",
                "io.vertx.core.http.impl.Http2ClientConnection ",
                "software.amazon.awssdk.services.ecr.EcrClient ",
                "com.google.auth.oauth2.ServiceAccountCredentials "))
        .allMatch(classes::contains);
  }

  @Test
  void failsAsTheProgramDoes() throws Exception {
    assertThat(rehearse("-XX:NoSuchOption").exitCode()).isEqualTo(1);
  }

  @Test
  void endsAlsoWhenThereIsNothingToStart() throws Exception {
    Files.delete(distribution.launcher());
    assertThat(rehearse().exitCode()).isEqualTo(70);
  }

  private record Ended(int exitCode, String output) {}

  private Ended rehearse(String... options) throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Xmx200m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.tidewaiter.sandbox.Rehearsal",
                world.resolve("sandbox").toString(),
                distribution.launcher().toString()));
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }
}
