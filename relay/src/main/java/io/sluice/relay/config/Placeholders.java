package io.sluice.relay.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
  private final Path folder;
  private final Problems problems;

  Placeholders(Map<String, String> environment, Path folder, Problems problems) {
    this.environment = environment;
    this.folder = folder;
    this.problems = problems;
  }

  String resolve(String setting, String text) {
    Matcher matcher = PLACEHOLDER.matcher(text);
    return matcher.replaceAll(
        found -> Matcher.quoteReplacement(value(setting, found.group(1), found.group(2))));
  }

  private String value(String setting, String kind, String name) {
    return switch (kind) {
      case "env" -> fromEnvironment(setting, name);
      case "file" -> fromFile(setting, name);
      default -> {
        problems.add(
            setting,
            "placeholder ${%s:%s} is of an unknown kind: use ${env:NAME} or ${file:PATH}"
                .formatted(kind, name));
        yield "";
      }
    };
  }

  private String fromEnvironment(String setting, String name) {
    @Nullable String value = environment.get(name);
    if (value == null) {
      problems.add(setting, "environment variable %s is not set: set it".formatted(name));
      return "";
    }
    return value;
  }

  private String fromFile(String setting, String name) {
    Path file = folder.resolve(name);
    try {
      return Files.readString(file, StandardCharsets.UTF_8).replaceFirst("\\R\\z", "");
    } catch (IOException e) {
      problems.add(
          setting, "file %s cannot be read (%s): create it or correct the path".formatted(file, e));
      return "";
    }
  }
}
