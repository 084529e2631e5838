package io.sluice.relay.binlog;

import io.debezium.relational.Table;
import io.debezium.relational.TableId;
import io.debezium.relational.Tables;
import io.debezium.relational.history.TableChanges;
import io.debezium.relational.history.TableChanges.TableChange;
import io.debezium.relational.history.TableChanges.TableChangeType;
import io.sluice.relay.mysql.TableColumn;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The table definitions with which an engine decodes rows of its outbox tables, and the check that
 * they match the server's tables. Used by one thread at a time: first by the thread that starts the
 * engine, then by the thread that reads the binlog.
 */
final class KnownTables {

  private static final int LONGEST_STATEMENT = 120;

  private final ShardSource source;
  private final OutboxNames names;

  /** The definitions that the engine uses. It replaces them with each change that it can parse. */
  private final Map<TableId, Table> definitions = new HashMap<>();

  KnownTables(ShardSource source) {
    this.source = source;
    this.names = new OutboxNames(source);
  }

  OutboxNames names() {
    return names;
  }

  /** Sets the definitions from the recovered schema history. */
  void begin(Tables recovered) {
    definitions.clear();
    for (ShardTable table : source.tables()) {
      @Nullable Table definition = recovered.forTable(OutboxNames.id(table));
      if (definition != null) {
        definitions.put(OutboxNames.id(table), definition);
      }
    }
  }

  /** Applies a change that the engine has parsed. */
  void apply(TableChanges changes) {
    for (TableChange change : changes) {
      names.tableOf(change.getId()).ifPresent(table -> apply(OutboxNames.id(table), change));
    }
  }

  private void apply(TableId id, TableChange change) {
    if (change.getType() == TableChangeType.DROP) {
      definitions.remove(id);
    } else {
      definitions.put(id, change.getTable());
    }
  }

  /**
   * Returns the definition with which the engine decodes the table's rows, if there is one.
   *
   * @param statement statement that the engine could not parse
   * @throws OperatorNeededException if the columns of the server's table differ in name or order
   */
  Optional<Table> requireCurrent(ShardTable table, String statement) {
    Optional<Table> definition = Optional.ofNullable(definitions.get(OutboxNames.id(table)));
    List<String> known = definition.map(Table::retrieveColumnNames).orElse(List.of());
    List<String> present = TableColumn.names(source, table);
    if (!known.stream()
        .map(KnownTables::folded)
        .toList()
        .equals(present.stream().map(KnownTables::folded).toList())) {
      throw new OperatorNeededException(
          "shard '%s' would misread the rows of table %s from here on: the engine could not parse the statement '%s', %s"
              .formatted(
                  table.shard(), table.name(), shortened(statement), difference(known, present)),
          "drop the position, so that the shard restarts at the current end of the binlog with the"
              + " current table, and reconciles the table with the topics:"
              + " sluice-relay shards heal %s --force".formatted(source.id()));
    }
    return definition;
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static String difference(List<String> known, List<String> present) {
    int same = 0;
    while (same < Math.min(known.size(), present.size())
        && known.get(same).equalsIgnoreCase(present.get(same))) {
      same++;
    }
    return "and knows column %d as %s, where the server has %s"
        .formatted(same + 1, nameAt(known, same), nameAt(present, same));
  }

  private static String nameAt(List<String> columns, int index) {
    return index < columns.size() ? "'" + columns.get(index) + "'" : "none";
  }

  private static String shortened(String statement) {
    return statement.length() > LONGEST_STATEMENT
        ? statement.substring(0, LONGEST_STATEMENT) + "…"
        : statement;
  }
}
