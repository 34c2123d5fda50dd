package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.cli.ImageCheck.Result;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class VerifyDocumentTest {
  private static final String USER = "shop/Deployment/web (web.yaml)";

  @ParameterizedTest
  @CsvSource({"TEXT,txt", "JSON,json", "YAML,yaml", "MARKDOWN,md"})
  void printsEverythingInEveryForm(OutputFormat format, String suffix) throws IOException {
    assertThat(printed(mixed(), format)).isEqualTo(golden("mixed." + suffix));
  }

  @Test
  void knowsTheResultsOfItsImages() {
    assertThat(mixed().results()).containsExactly(Result.values());
  }

  @Test
  void saysThatThereIsNothing() {
    var nothing = new VerifyDocument("a".repeat(40), List.of(), List.of("Service"), List.of());
    assertThat(printed(nothing, OutputFormat.TEXT)).isEqualTo("0 images (passed over: Service)\n");
    assertThat(printed(nothing, OutputFormat.MARKDOWN))
        .isEqualTo("**0 images (passed over: Service)**\n");
  }

  @ParameterizedTest
  @EnumSource(OutputFormat.class)
  void nothingSteersWhoeverReadsIt(OutputFormat format) {
    var hostile =
        new VerifyDocument(
            "a".repeat(40),
            List.of(
                VerifyDocument.Image.invalid(Hostile.IMAGE, "production", List.of(Hostile.IMAGE)),
                image("quay.io/acme/base:9", "missing", "quay", null, Hostile.IMAGE)),
            List.of(Hostile.IMAGE),
            List.of());
    Hostile.assertHarmless(printed(hostile, format));
    assertThat(printed(hostile, OutputFormat.TEXT))
        .contains("invalid      " + Hostile.SHOWN + "  nothing")
        .contains("\n  used by " + Hostile.SHOWN + "\n");
    assertThat(printed(hostile, OutputFormat.MARKDOWN).lines())
        .anyMatch(line -> line.matches("\\| invalid \\| `[^`]*`<br>.* \\|"));
  }

  private static VerifyDocument mixed() {
    return new VerifyDocument(
        "a".repeat(40),
        List.of(
            image("docker.io/library/nginx:1", "found", "hub", "sha256:" + "5".repeat(64), null),
            image("quay.io/acme/base:9", "missing", "quay", null, "quay.io answered 404"),
            image("ghcr.io/acme/a:1", "refused", null, null, "ghcr.io answered 403: a | b"),
            new VerifyDocument.Image(
                "Not An Image",
                "invalid",
                null,
                null,
                null,
                "this is no image reference",
                List.of(USER, "shop/Job/migrate (jobs.yaml)")),
            image("lab.example:5000/a:1", "unreachable", "lab", null, "lab.example:5000: gone"),
            image("eu.example/a:1", "unknown", "ecr-eu", null, "no token is kept")),
        List.of("Ingress", "Service"),
        List.of("Stalled: revision b has 1 problem(s)"));
  }

  private static VerifyDocument.Image image(
      String image,
      String result,
      @Nullable String registry,
      @Nullable String digest,
      @Nullable String detail) {
    return new VerifyDocument.Image(
        image, result, "production", registry, digest, detail, List.of(USER));
  }

  private static String printed(VerifyDocument document, OutputFormat format) {
    var text = new StringWriter();
    Output.print(document, format, new PrintWriter(text));
    return text.toString();
  }

  private static String golden(String name) throws IOException {
    try (@Nullable InputStream file =
        VerifyDocumentTest.class.getResourceAsStream("verify/" + name)) {
      return file == null ? "" : new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
