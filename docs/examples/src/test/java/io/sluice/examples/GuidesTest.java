package io.sluice.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuidesTest {

  private static final Pattern JAVA = Pattern.compile("(?s)```java\n(.*?)```");
  private static final Pattern LINK = Pattern.compile("\\]\\(([a-z.-]+\\.md)(?:#([a-z0-9-]+))?\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

  private static String words(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }

  private static String page(String name) throws IOException {
    return Files.readString(Path.of("..", name));
  }

  private static List<String> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(GuidesTest::read)
          .map(GuidesTest::words)
          .toList();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({"writing.md, 17", "consuming.md, 2", "service.md, 3"})
  void itsCodeIsCodeThatCompiles(String name, int count) throws IOException {
    List<String> sources = sources();
    List<String> blocks =
        JAVA.matcher(page(name)).results().map(block -> words(block.group(1))).toList();

    assertEquals(count, blocks.size());
    for (String block : blocks) {
      assertTrue(sources.stream().anyMatch(source -> source.contains(block)), block);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"writing.md", "consuming.md", "migrating.md", "service.md"})
  void itsLinksLeadSomewhere(String name) throws IOException {
    List<List<String>> links =
        LINK.matcher(page(name))
            .results()
            .map(link -> List.of(link.group(1), link.group(2) == null ? "" : link.group(2)))
            .toList();

    assertFalse(links.isEmpty());
    for (List<String> link : links) {
      String anchor = link.get(1);
      assertTrue(
          anchor.isEmpty() || anchors(link.get(0)).contains(anchor),
          () -> link.get(0) + " has no heading " + anchor);
    }
  }

  private static List<String> anchors(String name) throws IOException {
    return HEADING
        .matcher(page(name))
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^a-z0-9 -]", "").replace(' ', '-'))
        .toList();
  }
}
