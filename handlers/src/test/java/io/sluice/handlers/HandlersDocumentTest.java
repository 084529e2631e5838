package io.sluice.handlers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.api.RetryPolicy;
import io.sluice.outbox.TopicTemplate;
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
    assertTrue(page.contains("| `topics` | `" + TopicTemplate.DEFAULT.text() + "`"));
    assertTrue(
        page.contains(
            "| `writeBack` | %,d, %d ms |"
                .formatted(
                    HandlerRuntimeBuilder.DEFAULT_WRITE_BACK_EVENTS,
                    HandlerRuntimeBuilder.DEFAULT_WRITE_BACK_LINGER.toMillis())));
    assertTrue(
        page.contains(
            "| `rowRetention` | %d days |"
                .formatted(HandlerRuntimeBuilder.DEFAULT_ROW_RETENTION.toDays())));
    assertTrue(
        page.contains(
            "| `closeTimeout` | %d s |"
                .formatted(HandlerRuntimeBuilder.DEFAULT_CLOSE_TIMEOUT.toSeconds())));
    assertTrue(
        page.contains(
            "| `whileWaiting` | `%s` (default)"
                .formatted(HandlerRuntimeBuilder.DEFAULT_WHILE_WAITING)));
    assertTrue(
        page.contains(
            "| `afterFailure` | `%s` (default)"
                .formatted(HandlerRuntimeBuilder.DEFAULT_AFTER_FAILURE)));
  }

  @Test
  void itTellsTheDefaultPolicy() throws IOException {
    RetryPolicy policy = RetryPolicy.DEFAULT;

    assertEquals(0.5, policy.jitter());
    assertTrue(
        page()
            .contains(
                "| `retry` | from %d s to %d min, jitter 0.5, attempt timeout %d min |"
                    .formatted(
                        policy.initial().toSeconds(),
                        policy.max().toMinutes(),
                        policy.timeout().toMinutes())));
  }
}
