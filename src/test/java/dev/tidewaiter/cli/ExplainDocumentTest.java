package dev.tidewaiter.cli;

import dev.tidewaiter.cli.ExplainDocument.Other;
import dev.tidewaiter.cli.ExplainDocument.Place;
import dev.tidewaiter.cli.ExplainDocument.Ruling;
import dev.tidewaiter.cli.ExplainDocument.Serving;
import dev.tidewaiter.cli.ExplainDocument.Verified;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplainDocumentTest {
  @ParameterizedTest
  @CsvSource({"TEXT,txt", "JSON,json", "YAML,yaml", "MARKDOWN,md"})
  void printsEverythingInEveryForm(OutputFormat format, String suffix) throws IOException {
    var text = new StringWriter();
    Output.print(mixed(), format, new PrintWriter(text));
    Golden.assertEqual("explain/mixed." + suffix, text.toString());
  }

  private static ExplainDocument mixed() {
    var references =
        Map.of(
            "basic.password", "vault:secret/registries/quay#password",
            "basic.username", "vault:secret/registries/quay#username");
    return new ExplainDocument(
        "quay.io/acme/base:1",
        "quay.io",
        List.of(
            new Place(
                "production",
                "quay.io/hub/acme/base:1",
                new Ruling(
                    "Denied",
                    null,
                    "policies.yaml:3:18",
                    "Deny",
                    "image \"quay.io/hub/acme/base:1\" is not allowed"),
                new Serving(
                    "quay-new", "registries/new.yaml:3:18", "basic", new TreeMap<>(references)),
                null,
                List.of("pods must name the pull Secret `pulls` themselves"),
                List.of(
                    new Other(
                        "quay",
                        "registries/quay.yaml:3:18",
                        "Superseded",
                        "superseded by quay-new"),
                    new Other(
                        "hub", "registries/hub.yaml:3:18", "OtherAddress", "serves docker.io"),
                    new Other(
                        "lab", "registries/lab.yaml:3:18", "OtherAddress", "serves lab:5000")),
                new Verified("refused", null, "quay.io answered 401")),
            new Place(
                "staging",
                null,
                new Ruling(
                    "Allowed", "quay.io/acme", "policies.yaml:9:18", "Warn", "it is allowed"),
                new Serving("quay-open", "registries/open.yaml:3:18", "anonymous", new TreeMap<>()),
                null,
                List.of(),
                List.of(),
                new Verified("found", "sha256:" + "5".repeat(64), null)),
            new Place(
                "lab",
                null,
                new Ruling("Denied", null, "policies.yaml:9:18", "Audit", "it is not allowed"),
                null,
                null,
                List.of(),
                List.of(
                    new Other("quay", "registries/quay.yaml:3:18", "Inactive", "it is inactive")),
                null)),
        List.of("Stalled: revision b has 1 problem(s)"));
  }
}
