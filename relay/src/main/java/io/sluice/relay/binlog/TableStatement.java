package io.sluice.relay.binlog;

import java.util.regex.Pattern;

/**
 * Tells statements that may change a table's columns from those that only name the table, such as
 * {@code CREATE INDEX} or {@code CREATE EVENT}: the engine reports no change of a table for these
 * either, and understands them all the same.
 */
final class TableStatement {

  private static final Pattern COMMENTS =
      Pattern.compile("^(?:\\s+|/\\*(?!!).*?\\*/|--[^\\n]*\\n|#[^\\n]*\\n)+", Pattern.DOTALL);

  /** What stands in a comment for some versions only may be anything. */
  private static final Pattern OF_TABLE =
      Pattern.compile(
          "^(?:/\\*!|(?:ALTER|CREATE|DROP|RENAME)\\s+(?:\\w+\\s+)?TABLES?\\b)",
          Pattern.CASE_INSENSITIVE);

  private TableStatement() {}

  /** Whether the statement may make, change, drop or rename a table. */
  static boolean is(String statement) {
    return OF_TABLE.matcher(COMMENTS.matcher(statement).replaceFirst("")).find();
  }
}
