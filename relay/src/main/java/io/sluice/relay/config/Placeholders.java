package io.sluice.relay.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Replaces {@code ${env:NAME}} by an environment variable and {@code ${file:PATH}} by the content
 * of a file, without its last line break. A relative path is taken from the configuration's folder.
 */
final class Placeholders {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(\\w+):([^}]*)}");

  private final Map<String, String> environment;
  private final Path configuration;

  Placeholders(Map<String, String> environment, Path configuration) {
    this.environment = environment;
    this.configuration = configuration.toAbsolutePath();
  }

  /** Replaces each placeholder in a text; one without a value is a problem. */
  String resolve(String text, Consumer<String> problem) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(
            found -> {
              try {
                return Matcher.quoteReplacement(value(found.group(1), found.group(2)));
              } catch (IllegalArgumentException e) {
                problem.accept(String.valueOf(e.getMessage()));
                return "";
              }
            });
  }

  private String value(String kind, String name) {
    return switch (kind) {
      case "env" -> variable(name);
      case "file" -> content(configuration.resolveSibling(name));
      default ->
          throw new IllegalArgumentException(
              "placeholder ${%s:%s} is of an unknown kind: use ${env:NAME} or ${file:PATH}"
                  .formatted(kind, name));
    };
  }

  private String variable(String name) {
    @Nullable String value = environment.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "environment variable %s is not set: set it".formatted(name));
    }
    return value;
  }

  private static String content(Path file) {
    try {
      return Files.readString(file).replaceFirst("\\R\\z", "");
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "file %s cannot be read (%s): create it or correct the path".formatted(file, e), e);
    }
  }
}
