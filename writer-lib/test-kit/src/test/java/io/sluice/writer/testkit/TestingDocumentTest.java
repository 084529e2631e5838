package io.sluice.writer.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TestingDocumentTest {

  private static final Pattern JAVA = Pattern.compile("(?s)```java\n(.*?)```");

  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }

  /** Cuts the page before the section on containers, whose code another test checks. */
  private static String untilContainers(String page) {
    return page.substring(0, page.indexOf("\n## With MySQL and Kafka in containers\n"));
  }

  @Test
  void itsCodeIsCodeThatCompiles() throws IOException {
    String compiled =
        oneLine(
            Files.readString(
                Path.of("src/test/java/io/sluice/writer/testkit/TestingExamples.java")));
    List<String> blocks =
        JAVA.matcher(untilContainers(Files.readString(Path.of("../../docs/testing.md"))))
            .results()
            .map((MatchResult block) -> oneLine(block.group(1)))
            .toList();

    assertEquals(4, blocks.size());
    for (String block : blocks) {
      assertTrue(compiled.contains(block), block);
    }
  }

  @Test
  void itsCodeDoesWhatItSays() throws SQLException {
    new TestingExamples().writesAnEventForAPlacedOrder();
    new TestingExamples().writesNothingForARefusedOrder();
  }
}
