package io.sluice.relay.mysql;

import io.sluice.relay.shard.ShardTable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills SQL templates for a table with a configured layout: replaces {@code {table}} and the column
 * names of the shipped DDL in braces by the quoted names of the table.
 */
public final class TableSql {

  private static final Pattern NAME = Pattern.compile("\\{(\\w+)}");
  private static final String TABLE = "table";

  private TableSql() {}

  public static String fill(String statement, ShardTable table) {
    return NAME.matcher(statement)
        .replaceAll(found -> Matcher.quoteReplacement(quoted(name(found.group(1), table))));
  }

  private static String name(String placeholder, ShardTable table) {
    return placeholder.equals(TABLE)
        ? table.layout().table()
        : table
            .layout()
            .column(placeholder)
            .orElseThrow(
                () -> new IllegalStateException(table.name() + " has no column " + placeholder));
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
