package io.sluice.sandbox.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadmeTest {

  private static final Pattern JAVA = Pattern.compile("(?s)```java\n(.*?)```");

  private static String read(String file) throws IOException {
    return Files.readString(Path.of(file)).replaceAll("\\s+", " ");
  }

  @Test
  void itsCodeIsCodeThatCompiles() throws IOException {
    String compiled = read("src/test/java/io/sluice/sandbox/demo/ReadmeExamples.java");
    List<String> blocks =
        JAVA.matcher(Files.readString(Path.of("../../README.md")))
            .results()
            .map((MatchResult block) -> block.group(1).replaceAll("\\s+", " ").strip())
            .toList();

    assertEquals(2, blocks.size());
    for (String block : blocks) {
      assertTrue(compiled.contains(block), block);
    }
  }
}
