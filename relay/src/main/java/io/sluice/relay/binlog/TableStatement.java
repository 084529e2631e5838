package io.sluice.relay.binlog;

import java.util.regex.Pattern;

/**
 * Detects statements that may change the columns of a table. Others only name the table, such as
 * {@code CREATE INDEX} and {@code CREATE EVENT}. The engine parses these, but reports no change of
 * a table either.
 */
final class TableStatement {

  private static final Pattern COMMENTS =
      Pattern.compile("^(?:\\s+|/\\*(?!!).*?\\*/|--[^\\n]*\\n|#[^\\n]*\\n)+", Pattern.DOTALL);

  /** A version comment can contain any statement, so it counts as a match. */
  private static final Pattern OF_TABLE =
      Pattern.compile(
          "^(?:/\\*!|(?:ALTER|CREATE|DROP|RENAME)\\s+(?:\\w+\\s+)?TABLES?\\b)",
          Pattern.CASE_INSENSITIVE);

  private TableStatement() {}

  /** Whether the statement may create, alter, drop or rename a table. */
  static boolean is(String statement) {
    return OF_TABLE.matcher(COMMENTS.matcher(statement).replaceFirst("")).find();
  }
}
