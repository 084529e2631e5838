package io.sluice.relay.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * One mapping of the configuration file, read by a function that names its settings. Collects the
 * problems of all settings; one that the function did not read is a problem too.
 */
final class Section {

  private static final String NOT_A_MAPPING = "must be a mapping of settings";

  private final String path;
  private final JsonNode node;
  private final Placeholders placeholders;
  private final List<String> problems;
  private final Set<String> known = new TreeSet<>();

  Section(String path, JsonNode node, Placeholders placeholders, List<String> problems) {
    this.path = path;
    this.node = node;
    this.placeholders = placeholders;
    this.problems = problems;
  }

  <T> T read(Function<Section, T> reader) {
    T result = reader.apply(this);
    for (String setting : names()) {
      if (!known.contains(setting)) {
        problem(
            setting,
            "is not a setting%s: those here are %s"
                .formatted(Spelling.hint(setting, known), String.join(", ", known)));
      }
    }
    return result;
  }

  /** The full name of a setting. */
  String name(String setting) {
    return path.isEmpty() ? setting : path + "." + setting;
  }

  /** Adds a problem: what is wrong and what to do. */
  void problem(String setting, String problem) {
    problems.add(name(setting) + ": " + problem);
  }

  boolean has(String setting) {
    return node.has(setting);
  }

  boolean isList(String setting) {
    return get(setting).isArray();
  }

  /** The names of all settings that are given here. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private JsonNode get(String setting) {
    known.add(setting);
    return node.path(setting);
  }

  /** A value; the default if there is none or it is invalid. */
  <T> T value(String setting, T defaultValue, Function<String, T> parser) {
    return optional(setting, parser).orElse(defaultValue);
  }

  /** A value; empty if there is none or it is invalid. */
  <T> Optional<T> optional(String setting, Function<String, T> parser) {
    JsonNode value = get(setting);
    return value.isMissingNode() ? Optional.empty() : parse(setting, value, parser);
  }

  /** A mandatory value; if there is none or it is invalid, a substitute. */
  <T> T required(String setting, T substitute, Function<String, T> parser) {
    if (!has(setting)) {
      problem(setting, "is missing: set it");
    }
    return value(setting, substitute, parser);
  }

  /** A mandatory text. YAML would change one that looks like a number: 0123 becomes 83. */
  String text(String setting) {
    if (get(setting).isNumber() || get(setting).isBoolean()) {
      problem(setting, "is text that YAML reads as a number or a truth value: put it in quotes");
    }
    return required(setting, "", text -> text);
  }

  private <T> Optional<T> parse(String setting, JsonNode value, Function<String, T> parser) {
    if (value.isNull()) {
      problem(setting, "has no value: give it one or leave it out");
    } else if (!value.isValueNode()) {
      problem(setting, "must be a single value");
    } else {
      String text = placeholders.resolve(value.asText(), problem -> problem(setting, problem));
      return parse(setting, text, parser);
    }
    return Optional.empty();
  }

  /** Parses a text; an IllegalArgumentException of the parser becomes a problem of the setting. */
  <T> Optional<T> parse(String setting, String text, Function<String, T> parser) {
    try {
      return Optional.of(parser.apply(text));
    } catch (IllegalArgumentException e) {
      problem(setting, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** A mapping inside this one, read as empty if it is missing. */
  <T> T section(String setting, Function<Section, T> reader) {
    JsonNode value = get(setting);
    if (!value.isObject() && !value.isMissingNode() && !value.isNull()) {
      problem(setting, NOT_A_MAPPING);
    }
    return section(setting, value, reader);
  }

  private <T> T section(String setting, JsonNode value, Function<Section, T> reader) {
    return new Section(name(setting), value, placeholders, problems).read(reader);
  }

  /** A list of mappings. */
  <T> List<T> sections(String setting, Function<Section, T> reader) {
    List<T> sections = new ArrayList<>();
    list(setting)
        .forEach(
            (name, element) -> {
              if (element.isObject()) {
                sections.add(section(name, element, reader));
              } else {
                problem(name, NOT_A_MAPPING);
              }
            });
    return sections;
  }

  /** A list of single values, without the invalid ones. */
  <T> List<T> values(String setting, Function<String, T> parser) {
    List<T> values = new ArrayList<>();
    list(setting).forEach((name, element) -> parse(name, element, parser).ifPresent(values::add));
    return values;
  }

  /** The elements of a list by their names, such as {@code domains[0]}. */
  private Map<String, JsonNode> list(String setting) {
    JsonNode value = get(setting);
    Map<String, JsonNode> elements = new LinkedHashMap<>();
    if (!value.isArray()) {
      if (!value.isMissingNode()) {
        problem(setting, "must be a list");
      }
      return elements;
    }
    for (JsonNode element : value) {
      elements.put("%s[%d]".formatted(setting, elements.size()), element);
    }
    if (elements.isEmpty()) {
      problem(setting, "is empty: name at least one");
    }
    return elements;
  }
}
