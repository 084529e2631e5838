package io.sluice.examples.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ContainersDocumentTest {

  private static final Pattern JAVA = Pattern.compile("(?s)```java\n(.*?)```");
  private static final String HEADING = "\n## With MySQL and Kafka in containers\n";
  private static final String COMPILED =
      "src/test/java/io/sluice/examples/containers/BookingContainersIT.java";

  private static String words(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }

  @Test
  void itsCodeIsCodeThatCompiles() throws IOException {
    String page = Files.readString(Path.of("..", "testing.md"));
    String section = page.substring(page.indexOf(HEADING));
    String compiled = words(Files.readString(Path.of(COMPILED)));
    List<String> blocks =
        JAVA.matcher(section).results().map(block -> words(block.group(1))).toList();

    assertEquals(3, blocks.size());
    for (String block : blocks) {
      assertTrue(compiled.contains(block), block);
    }
  }
}
