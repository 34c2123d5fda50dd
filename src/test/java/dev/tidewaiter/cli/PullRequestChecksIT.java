package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.config.YamlTree;
import dev.tidewaiter.testbed.Distribution;
import dev.tidewaiter.testbed.TestBed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The checks of pull requests that `init` lays out, with their commands run as GitHub and GitLab
/// run them: by bash, in a checkout, with the archive and the snapshot at an address.
class PullRequestChecksIT {
  @TempDir private Path directory;
  private ImpactFixture fixture;
  private String archive;
  private String snapshot;

  @BeforeEach
  void publish() throws Exception {
    fixture = new ImpactFixture(directory);
    fixture.keep(Clock.systemUTC().instant());
    snapshot = fixture.file().toUri().toString();
    Distribution.assemble(directory.resolve("tidewaiter-1.0"));
    Path file = directory.resolve("tidewaiter.tar.gz");
    var tar = List.of("tar", "-czf", file.toString(), "-C", directory.toString(), "tidewaiter-1.0");
    assertThat(run(tar, Map.of()).exitCode()).isZero();
    archive = file.toUri().toString();
    assertThat(Shell.run("init", directory.resolve("laid-out").toString()).exitCode()).isZero();
  }

  private record Ended(int exitCode, String output) {}

  @Test
  void gitHubChecksAndShowsWhatChanges() throws Exception {
    assertThat(gitHub()).allSatisfy(step -> assertThat(step.exitCode()).as(step.output()).isZero());
    assertThat(directory.resolve("summary.md"))
        .content()
        .contains("#### `production`", "2 denied, 1 warned, 1 moved, 3 stripped");
  }

  @Test
  void gitHubEndsAtWhatIsRejected() throws Exception {
    fixture.change("registries: [mirror]", "registries: [absent]");
    List<Ended> steps = gitHub();
    assertThat(steps.getLast().exitCode()).isEqualTo(3);
    assertThat(directory.resolve("summary.md")).content().contains("absent").doesNotContain("####");
  }

  @Test
  void gitLabChecksAndShowsWhatChanges() throws Exception {
    Ended ended = gitLab();
    assertThat(ended.exitCode()).as(ended.output()).isZero();
    assertThat(ended.output())
        .contains(": valid", "production", "2 denied, 1 warned, 1 moved, 3 stripped");
  }

  @Test
  void gitLabEndsAtWhatIsRejected() throws Exception {
    fixture.change("registries: [mirror]", "registries: [absent]");
    Ended ended = gitLab();
    assertThat(ended.exitCode()).as(ended.output()).isEqualTo(3);
    assertThat(ended.output()).contains("absent").doesNotContain("stripped");
  }

  /// Every step with commands, up to the first that fails.
  private List<Ended> gitHub() throws Exception {
    Map<String, String> expressions =
        Map.of(
            "${{ vars.TIDEWAITER_ARCHIVE }}", archive,
            "${{ vars.TIDEWAITER_SNAPSHOT }}", snapshot,
            "${{ github.event.pull_request.base.sha }}", base());
    var ended = new ArrayList<Ended>();
    for (JsonNode step : file(".github/workflows/validate.yaml").at("/jobs/validate/steps")) {
      assertThat(step.has("uses")).as(step.toString()).isNotEqualTo(step.has("run"));
      String commands = step.path("run").asString("");
      assertThat(commands).as("what a pull request could write into").doesNotContain("${{");
      if (!commands.isEmpty() && (ended.isEmpty() || ended.getLast().exitCode() == 0)) {
        var environment = new HashMap<String, String>();
        step.path("env")
            .properties()
            .forEach(
                entry -> {
                  String expression = entry.getValue().asString();
                  assertThat(expressions).containsKey(expression);
                  environment.put(entry.getKey(), String.valueOf(expressions.get(expression)));
                });
        environment.put("RUNNER_TEMP", directory.toString());
        environment.put("GITHUB_STEP_SUMMARY", directory.resolve("summary.md").toString());
        ended.add(run(step.has("shell") ? bash(commands) : bashOfNoName(commands), environment));
      }
    }
    assertThat(ended).hasSizeGreaterThan(1);
    return ended;
  }

  // What its documentation says of steps with and without `shell`.
  private static List<String> bash(String commands) {
    return List.of("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", commands);
  }

  private static List<String> bashOfNoName(String commands) {
    return List.of("bash", "-e", "-c", commands);
  }

  private Ended gitLab() throws Exception {
    var commands = new ArrayList<String>();
    for (JsonNode line : file(".gitlab-ci.yml").at("/validate/script")) {
      assertThat(line.isString()).as(line.toString()).isTrue();
      commands.add(line.asString().replace("/tmp/", directory + "/"));
    }
    Map<String, String> environment =
        Map.of(
            "TIDEWAITER_ARCHIVE", archive,
            "TIDEWAITER_SNAPSHOT", snapshot,
            "CI_MERGE_REQUEST_DIFF_BASE_SHA", base());
    return run(bash(String.join("\n", commands)), environment);
  }

  private String base() {
    return fixture.repository().git("rev-parse", "HEAD~1").strip();
  }

  private JsonNode file(String name) throws IOException {
    return YamlTree.of(Files.readAllBytes(directory.resolve("laid-out").resolve(name)))
        .orElseThrow();
  }

  private Ended run(List<String> command, Map<String, String> environment) throws Exception {
    TestBed.installed("/usr/bin/curl");
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(fixture.repository().work().toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }
}
