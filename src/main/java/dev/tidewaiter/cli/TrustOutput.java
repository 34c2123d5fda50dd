package dev.tidewaiter.cli;

import dev.tidewaiter.intake.trust.CertificateFacts;
import dev.tidewaiter.intake.trust.ChainReport;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/// Prints what `trust` found.
final class TrustOutput {
  private TrustOutput() {}

  /// @param chain `SelfSigned`, `Complete` or `WithoutRoot`
  /// @param nameMatches whether the first certificate is for this host
  /// @param systemTrusts whether the trust store accepts the chain for this host
  /// @param declaration of the last certificate that leads on from the first
  record Document(
      String server,
      List<Certificate> certificates,
      String chain,
      boolean nameMatches,
      boolean systemTrusts,
      String trustStore,
      String declaration) {}

  /// @param expiresIn such as `expires in 12 days`
  record Certificate(
      String subject,
      String issuer,
      List<String> names,
      String notBefore,
      String notAfter,
      String expiresIn,
      String sha256,
      String key,
      boolean authority,
      boolean selfSigned) {
    static Certificate of(CertificateFacts facts, Instant now) {
      return new Certificate(
          facts.subject(),
          facts.issuer(),
          facts.names(),
          facts.notBefore().toString(),
          facts.notAfter().toString(),
          life(facts, now),
          facts.sha256(),
          facts.key(),
          facts.authority(),
          facts.selfSigned());
    }
  }

  static void print(ChainReport report, Instant now, DocumentFormat format, PrintWriter out) {
    switch (format) {
      case TEXT -> Output.lines(out, lines -> printText(report, now, lines));
      case JSON -> Output.json(out, document(report, now));
      case YAML -> Output.yaml(out, document(report, now));
    }
    out.flush();
  }

  private static Document document(ChainReport report, Instant now) {
    return new Document(
        report.endpoint().toString(),
        report.certificates().stream().map(facts -> Certificate.of(facts, now)).toList(),
        switch (report.completeness()) {
          case SELF_SIGNED -> "SelfSigned";
          case COMPLETE -> "Complete";
          case WITHOUT_ROOT -> "WithoutRoot";
        },
        report.matches(),
        report.accepted(),
        report.store(),
        report.declaration());
  }

  private static void printText(ChainReport report, Instant now, PrintWriter out) {
    List<CertificateFacts> certificates = report.certificates();
    out.println(
        report.endpoint()
            + " presents "
            + (certificates.size() == 1
                ? "1 certificate:"
                : certificates.size() + " certificates:"));
    for (int i = 0; i < certificates.size(); i++) {
      out.println();
      print(i + 1, certificates.get(i), now, out);
    }
    out.println();
    findings(report, now).forEach(out::println);
    out.println();
    out.println(
        report.accepted()
            ? "No `tls.ca` is needed where the system's trust store is like this one. If you want one:"
            : "Compare the SHA-256 fingerprint with the registry's owner by another way than this"
                + " network. Then paste below `spec`:");
    out.println();
    out.print(Output.indented(report.declaration()));
  }

  private static void print(int number, CertificateFacts facts, Instant now, PrintWriter out) {
    out.println("  %d. %s".formatted(number, number == 1 ? "the server's own" : "sent along"));
    line(out, "subject", facts.subject());
    line(out, "issuer", facts.selfSigned() ? "itself" : facts.issuer());
    if (number == 1) {
      line(out, "names", facts.names().isEmpty() ? "none" : String.join(", ", facts.names()));
    }
    line(
        out,
        "valid",
        "%s to %s, %s".formatted(day(facts.notBefore()), day(facts.notAfter()), life(facts, now)));
    line(out, "key", facts.key());
    line(out, "SHA-256", facts.sha256());
  }

  private static void line(PrintWriter out, String label, String text) {
    out.println("     %-8s %s".formatted(label, text));
  }

  private static List<String> findings(ChainReport report, Instant now) {
    var findings = new ArrayList<String>();
    findings.add(
        switch (report.completeness()) {
          case SELF_SIGNED ->
              "The server's own certificate signs itself: to trust it is to trust this server alone,"
                  + " until it has a new one.";
          case COMPLETE ->
              "The chain is complete: its last certificate is an authority that signs itself.";
          case WITHOUT_ROOT ->
              "The authority is not in the chain: the highest certificate sent is signed by `"
                  + report.top().issuer()
                  + "`. Better ask the registry's owner for that one.";
        });
    if (!report.ordered()) {
      findings.add("The certificates are out of order, or some do not belong to the chain.");
    }
    if (!report.top().authority() && !report.top().selfSigned()) {
      findings.add(
          "The highest certificate sent is no authority: not every client trusts by such a one.");
    }
    findings.add(
        "The server's own certificate is "
            + (report.matches() ? "" : "not ")
            + "for `"
            + report.endpoint().host()
            + "`.");
    findings.add(
        "The system's trust store (%s) %s it for this host."
            .formatted(report.store(), report.accepted() ? "accepts" : "does not accept"));
    if (now.isAfter(report.top().notAfter())) {
      findings.add("The highest certificate has expired: no client accepts by it.");
    }
    if (!report.proven()) {
      findings.add(
          "The handshake was not completed, so the server has not shown that it has the private key."
              + " It may want a client's certificate.");
    }
    return findings;
  }

  private static LocalDate day(Instant instant) {
    return LocalDate.ofInstant(instant, ZoneOffset.UTC);
  }

  private static String life(CertificateFacts facts, Instant now) {
    if (now.isBefore(facts.notBefore())) {
      return "not valid yet";
    }
    long days = Duration.between(now, facts.notAfter()).abs().toDays();
    String many = days == 1 ? "1 day" : days + " days";
    if (now.isAfter(facts.notAfter())) {
      return "expired " + (days == 0 ? "today" : many + " ago");
    }
    return days == 0 ? "expires within a day" : "expires in " + many;
  }
}
