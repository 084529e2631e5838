package io.sluice.relay.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * One mapping of the configuration file. Reads typed settings and collects their problems; {@link
 * #end} adds a problem for each setting that was not read.
 */
final class Section {

  private final String path;
  private final ObjectNode node;
  private final Placeholders placeholders;
  private final Problems problems;
  private final TreeSet<String> known = new TreeSet<>();

  Section(String path, ObjectNode node, Placeholders placeholders, Problems problems) {
    this.path = path;
    this.node = node;
    this.placeholders = placeholders;
    this.problems = problems;
  }

  String name(String setting) {
    return path.isEmpty() ? setting : path + "." + setting;
  }

  void problem(String setting, String problem) {
    problems.add(name(setting), problem);
  }

  private JsonNode get(String setting) {
    known.add(setting);
    return node.path(setting);
  }

  boolean has(String setting) {
    return node.has(setting);
  }

  Optional<String> optional(String setting) {
    JsonNode value = get(setting);
    if (value.isMissingNode()) {
      return Optional.empty();
    }
    if (value.isNull()) {
      problem(setting, "has no value: give it one or leave it out");
      return Optional.empty();
    }
    if (!value.isValueNode()) {
      problem(setting, "must be a single value");
      return Optional.empty();
    }
    return Optional.of(placeholders.resolve(name(setting), value.asText()));
  }

  /** A value made of the text, if there is one and it is valid. */
  <T> Optional<T> optional(String setting, Function<String, T> maker) {
    return value(setting, Optional.empty(), text -> Optional.of(maker.apply(text)));
  }

  /** The text; if it is missing, an empty text and a problem. */
  String text(String setting) {
    if (!node.has(setting)) {
      problem(setting, "is missing: set it");
    }
    if (get(setting).isNumber() || get(setting).isBoolean()) {
      problem(setting, "is text that YAML reads as a number or a truth value: put it in quotes");
    }
    return optional(setting).orElse("");
  }

  /**
   * A value made of the text, or the default. An IllegalArgumentException of the maker becomes a
   * problem.
   */
  <T> T value(String setting, T defaultValue, Function<String, T> maker) {
    return optional(setting)
        .map(text -> make(setting, text, defaultValue, maker))
        .orElse(defaultValue);
  }

  private <T> T make(String setting, String text, T defaultValue, Function<String, T> maker) {
    try {
      return maker.apply(text);
    } catch (IllegalArgumentException e) {
      problem(setting, String.valueOf(e.getMessage()));
      return defaultValue;
    }
  }

  long number(String setting, long defaultValue, long min, long max) {
    return value(setting, defaultValue, text -> parse(text, min, max));
  }

  private static long parse(String text, long min, long max) {
    String rule = "'%s' must be a whole number from %d to %d".formatted(text, min, max);
    try {
      long number = Long.parseLong(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(rule, e);
    }
    throw new IllegalArgumentException(rule);
  }

  /** One of an enum's values, written in lower case with hyphens. */
  <E extends Enum<E>> E choice(String setting, E defaultValue, Class<E> type) {
    return value(setting, defaultValue, text -> choose(text, type));
  }

  private static <E extends Enum<E>> E choose(String text, Class<E> type) {
    List<String> names = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      String name = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
      if (name.equals(text)) {
        return constant;
      }
      names.add(name);
    }
    throw new IllegalArgumentException(
        "'%s' must be %s".formatted(text, String.join(" or ", names)));
  }

  boolean truth(String setting, boolean defaultValue) {
    return value(
        setting,
        defaultValue,
        text -> {
          if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("'%s' must be true or false".formatted(text));
          }
          return text.equals("true");
        });
  }

  Duration duration(String setting, Duration defaultValue) {
    return value(setting, defaultValue, Durations::parse);
  }

  /** A duration, or empty for {@code never}. */
  Optional<Duration> durationOrNever(String setting, Optional<Duration> defaultValue) {
    return value(
        setting,
        defaultValue,
        text -> text.equals("never") ? Optional.empty() : Optional.of(Durations.parse(text)));
  }

  boolean isList(String setting) {
    return get(setting).isArray();
  }

  /** The names of all settings here. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** A mapping inside this one, empty if it is missing. */
  Section section(String setting) {
    return sectionOf(setting, get(setting));
  }

  private Section sectionOf(String setting, JsonNode value) {
    if (value instanceof ObjectNode mapping) {
      return new Section(name(setting), mapping, placeholders, problems);
    }
    if (!value.isMissingNode() && !value.isNull()) {
      problem(setting, "must be a mapping of settings");
    }
    return new Section(
        name(setting), JsonNodeFactory.instance.objectNode(), placeholders, problems);
  }

  /** A list of mappings. */
  List<Section> sections(String setting) {
    List<Section> sections = new ArrayList<>();
    list(setting)
        .forEach(
            (name, value) -> {
              if (value instanceof ObjectNode) {
                sections.add(sectionOf(name, value));
              } else {
                problem(name, "must be a mapping of settings");
              }
            });
    return sections;
  }

  /** A list of single values, by their names such as {@code domains[0]}. */
  Map<String, String> texts(String setting) {
    Map<String, String> texts = new LinkedHashMap<>();
    list(setting)
        .forEach(
            (name, value) -> {
              if (value.isValueNode() && !value.isNull()) {
                texts.put(name, placeholders.resolve(name(name), value.asText()));
              } else {
                problem(name, "must be a single value");
              }
            });
    return texts;
  }

  private Map<String, JsonNode> list(String setting) {
    JsonNode value = get(setting);
    Map<String, JsonNode> elements = new LinkedHashMap<>();
    if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        elements.put("%s[%d]".formatted(setting, i), value.get(i));
      }
    } else if (!value.isMissingNode()) {
      problem(setting, "must be a list");
    }
    if (value.isEmpty() && value.isArray()) {
      problem(setting, "is empty: name at least one");
    }
    return elements;
  }

  /** All settings of this mapping, whatever their names. */
  Map<String, String> all() {
    Map<String, String> all = new LinkedHashMap<>();
    node.fieldNames()
        .forEachRemaining(setting -> optional(setting).ifPresent(text -> all.put(setting, text)));
    return all;
  }

  /** Adds a problem for each setting that was not read. */
  void end() {
    node.fieldNames()
        .forEachRemaining(
            setting -> {
              if (!known.contains(setting)) {
                problem(setting, "is not a setting: those here are " + String.join(", ", known));
              }
            });
  }
}
