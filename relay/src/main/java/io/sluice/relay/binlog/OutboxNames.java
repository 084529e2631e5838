package io.sluice.relay.binlog;

import io.debezium.relational.TableId;
import io.debezium.relational.Tables;
import io.debezium.relational.history.TableChanges;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Tells by names what is about a source's outbox tables. Letters' case is not looked at, for that
 * it makes a difference depends on the server; to take one table too many for ours does no harm.
 */
record OutboxNames(ShardSource source) {

  static TableId id(ShardTable table) {
    return new TableId(table.database(), null, table.layout().table());
  }

  Optional<ShardTable> tableOf(TableId id) {
    return source.tables().stream()
        .filter(table -> id(table).toString().equalsIgnoreCase(id.toString()))
        .findFirst();
  }

  /**
   * Whether a change is of an outbox table, or of one that may take its place some day. Tools that
   * alter tables while they are written to make the new one under a name that holds the old one's.
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

  /** Those that a statement names, apart from the outbox tables themselves. */
  List<TableId> candidatesIn(String statement, Tables present) {
    return present.tableIds().stream()
        .filter(id -> isCandidate(id) && tableOf(id).isEmpty())
        .filter(id -> contains(statement, id.table()))
        .toList();
  }

  /** The outbox tables a statement may have changed, by its words alone. */
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
