package io.sluice.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuidesTest {

  private static final Pattern JAVA = Pattern.compile("(?s)```java\n(.*?)```");

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

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({"writing.md, 17", "consuming.md, 3", "service.md, 3", "spring-handlers.md, 4"})
  void itsCodeIsCodeThatCompiles(String name, int count) throws IOException {
    List<String> sources = sources();
    List<String> blocks =
        JAVA.matcher(page(name)).results().map(block -> words(block.group(1))).toList();

    assertEquals(count, blocks.size());
    for (String block : blocks) {
      assertTrue(sources.stream().anyMatch(source -> source.contains(block)), block);
    }
  }
}
