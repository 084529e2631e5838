package io.sluice.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every page of the documentation, the README and the changelog link to what is there. */
class LinksTest {

  private static final Path ROOT = Path.of("..", "..");
  private static final Pattern CODE = Pattern.compile("(?s)```.*?```|`[^`\n]*`");
  private static final Pattern FENCED = Pattern.compile("(?s)```.*?```");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

  static List<Path> pages() throws IOException {
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.list(ROOT.resolve("docs"));
        Stream<Path> decisions = Files.list(ROOT.resolve("docs/adr"))) {
      return Stream.of(top, docs, decisions)
          .flatMap(files -> files)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void itsLinksLeadSomewhere(Path page) throws IOException {
    List<String> broken =
        LINK.matcher(CODE.matcher(Files.readString(page)).replaceAll(""))
            .results()
            .map(link -> link.group(1))
            .filter(link -> !link.startsWith("https://"))
            .filter(link -> !leadsSomewhere(page, link))
            .toList();

    assertEquals(List.of(), broken, () -> "links of " + page);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void theReadmeLeadsToEveryPage(Path page) throws IOException {
    Path folder = ROOT.resolve("docs");
    String readme = Files.readString(ROOT.resolve("README.md"));

    assertTrue(
        !folder.equals(page.getParent())
            || readme.contains("](docs/%s)".formatted(page.getFileName())),
        () -> "the README has no link to " + page);
  }

  private static boolean leadsSomewhere(Path page, String link) {
    int hash = link.indexOf('#');
    String file = hash < 0 ? link : link.substring(0, hash);
    Optional<String> anchor = hash < 0 ? Optional.empty() : Optional.of(link.substring(hash + 1));
    Path target = file.isEmpty() ? page : page.resolveSibling(file);
    return Files.exists(target)
        && anchor.map(heading -> anchors(target).contains(heading)).orElse(true);
  }

  private static List<String> anchors(Path page) {
    return HEADING
        .matcher(FENCED.matcher(GuidesTest.read(page)).replaceAll(""))
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^a-z0-9_ -]", "").replace(' ', '-'))
        .toList();
  }
}
