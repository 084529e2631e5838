package io.sluice.relay.binlog;

import io.debezium.relational.TableId;
import io.debezium.relational.Tables;
import io.debezium.relational.history.TableChanges;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Recognizes by name the tables and statements that concern a source's outbox tables. Names inside
 * statements are compared without case, because a false match there does no harm.
 */
record OutboxNames(ShardSource source) {

  private static final Pattern COMMENTS =
      Pattern.compile("^(?:\\s+|/\\*(?!!).*?\\*/|--[^\\n]*\\n|#[^\\n]*\\n)+", Pattern.DOTALL);

  /** A version comment can contain any statement, so it counts as a match. */
  private static final Pattern CHANGE_OF_TABLE =
      Pattern.compile(
          "^(?:/\\*!|(?:ALTER|CREATE|DROP|RENAME)\\s+(?:\\w+\\s+)?TABLES?\\b)",
          Pattern.CASE_INSENSITIVE);

  /**
   * Whether a statement may create, alter, drop or rename a table. Others only name the table, such
   * as {@code CREATE INDEX} and {@code CREATE EVENT}. The engine parses these, but reports no
   * change of a table either.
   */
  static boolean mayChangeTable(String statement) {
    return CHANGE_OF_TABLE.matcher(COMMENTS.matcher(statement).replaceFirst("")).find();
  }

  static TableId id(ShardTable table) {
    return new TableId(table.database(), null, table.layout().table());
  }

  Optional<ShardTable> tableOf(TableId id) {
    return source.table(id.catalog(), id.table());
  }

  /**
   * Whether a change concerns an outbox table, or a table that may replace it. Online schema change
   * tools create the new table under a name that contains the old name.
   */
  boolean concern(TableChanges changes) {
    return StreamSupport.stream(changes.spliterator(), false)
        .anyMatch(change -> isCandidate(change.getId()) || isCandidate(change.getPreviousId()));
  }

  private boolean isCandidate(@Nullable TableId id) {
    return id != null
        && source.tables().stream()
            .anyMatch(
                table ->
                    table.database().equalsIgnoreCase(id.catalog())
                        && contains(id.table(), table.layout().table()));
  }

  /** Returns the possible replacement tables that a statement names. */
  List<TableId> candidatesIn(String statement, Tables current) {
    return current.tableIds().stream()
        .filter(id -> isCandidate(id) && tableOf(id).isEmpty())
        .filter(id -> contains(statement, id.table()))
        .toList();
  }

  /** Returns the outbox tables that a statement may have changed, judged by its text. */
  List<ShardTable> tablesIn(String statement, @Nullable String database) {
    return source.tables().stream()
        .filter(table -> contains(statement, table.layout().table()))
        .filter(
            table ->
                table.database().equalsIgnoreCase(database)
                    || contains(statement, table.database()))
        .toList();
  }

  private static boolean contains(String text, String part) {
    return text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
  }
}
