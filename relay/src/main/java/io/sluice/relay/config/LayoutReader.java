package io.sluice.relay.config;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxTable;
import io.sluice.relay.shard.TableLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a shard's {@code table} section: names that differ from the shipped DDL. */
final class LayoutReader {

  /** Names that need no quoting. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_$]{1,64}");

  private LayoutReader() {}

  static TableLayout read(Section shard) {
    Section section = shard.section("table");
    if (!shard.has("table")) {
      return TableLayout.STANDARD;
    }
    String name = section.value("name", OutboxTable.NAME, LayoutReader::name);
    Optional<EventDomain> domain = section.optional("domain", EventDomain::of);
    Map<String, String> columns = columns(section.section("columns"));
    section.end();
    try {
      return columns.isEmpty()
          ? TableLayout.shipped(name, domain)
          : new TableLayout(name, columns, domain);
    } catch (IllegalArgumentException e) {
      section.problem("columns", String.valueOf(e.getMessage()));
      return TableLayout.STANDARD;
    }
  }

  private static Map<String, String> columns(Section section) {
    Map<String, String> columns = new LinkedHashMap<>();
    for (String column : section.names()) {
      columns.put(column, section.value(column, column, LayoutReader::name));
    }
    return columns;
  }

  private static String name(String text) {
    if (!NAME.matcher(text).matches()) {
      throw new IllegalArgumentException("'%s' must be of the form %s".formatted(text, NAME));
    }
    return text;
  }
}
