package io.sluice.handlers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class HandlersDocumentTest {

  private static final Pattern JAVA = Pattern.compile("(?s)```java\n(.*?)```");

  private static String words(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }

  private static String page() throws IOException {
    return Files.readString(Path.of("../docs/handlers.md"));
  }

  @Test
  void itsCodeIsCodeThatCompiles() throws IOException {
    String compiled =
        words(Files.readString(Path.of("src/test/java/io/sluice/handlers/HandlersExamples.java")));
    List<String> blocks =
        JAVA.matcher(page()).results().map(block -> words(block.group(1))).toList();

    assertEquals(1, blocks.size());
    assertTrue(compiled.contains(blocks.get(0)), blocks.get(0));
  }

  @Test
  void itTellsTheDefaults() throws IOException {
    String page = page();

    assertTrue(page.contains("| `concurrency` | " + HandlerRuntimeBuilder.DEFAULT_CONCURRENCY));
    assertTrue(page.contains("| `groupPrefix` | `" + HandlerRuntimeBuilder.DEFAULT_GROUP_PREFIX));
    assertTrue(
        page.contains(
            "| `buffer` | %,d events, %d MiB"
                .formatted(
                    HandlerRuntimeBuilder.DEFAULT_BUFFERED_EVENTS,
                    HandlerRuntimeBuilder.DEFAULT_BUFFERED_BYTES / 1024 / 1024)));
  }
}
