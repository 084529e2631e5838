package io.sluice.relay.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.relay.admin.Doctor.Diagnosis;
import io.sluice.relay.cli.OutputOption.Format;
import io.sluice.relay.preflight.Finding.Severity;
import java.util.List;
import java.util.stream.Collectors;

/** Formats the findings of the doctor. */
final class DoctorReport {

  private static final ObjectMapper JSON = new ObjectMapper();

  private DoctorReport() {}

  /** The report. */
  static String of(List<Diagnosis> found, Format format) {
    return switch (format) {
      case TEXT -> text(found);
      case JSON -> json(found);
    };
  }

  /** The number of findings of this severity. */
  static long count(List<Diagnosis> found, Severity severity) {
    return found.stream().filter(one -> one.finding().severity() == severity).count();
  }

  private static String text(List<Diagnosis> found) {
    String findings =
        found.stream()
            .map(
                one ->
                    "%s: %s: %s%n  To fix it: %s%n"
                        .formatted(
                            one.subject(),
                            one.finding().severity(),
                            one.finding().problem(),
                            one.finding().remedy()))
            .collect(Collectors.joining());
    return findings
        + "%d error(s), %d warning(s)"
            .formatted(count(found, Severity.ERROR), count(found, Severity.WARNING));
  }

  private static String json(List<Diagnosis> found) {
    ObjectNode report = JSON.createObjectNode();
    report.put("errors", count(found, Severity.ERROR));
    report.put("warnings", count(found, Severity.WARNING));
    ArrayNode findings = report.putArray("findings");
    found.forEach(
        one ->
            findings
                .addObject()
                .put("subject", one.subject())
                .put("severity", one.finding().severity().name())
                .put("problem", one.finding().problem())
                .put("remedy", one.finding().remedy()));
    return report.toPrettyString();
  }
}
