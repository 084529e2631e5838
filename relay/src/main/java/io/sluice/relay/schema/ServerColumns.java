package io.sluice.relay.schema;

import io.sluice.relay.mysql.BinlogEvents.Place;
import io.sluice.relay.mysql.ServerFailures;
import io.sluice.relay.mysql.TableColumn;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The present columns of an outbox table on its server, with which derived names are compared. They
 * are the columns of a row in the binlog, if no later statement in the binlog has changed the
 * table.
 *
 * @param columns the columns; empty if the table does not exist any more
 * @param later the statements that may have changed the table
 */
record ServerColumns(ShardTable table, List<TableColumn> columns, LaterStatements later) {

  private static final String REMEDY =
      "set binlog_row_metadata=FULL on the server, so that rows written from then on have the names"
          + " and values of their columns; then drop the position, so that the shard restarts at the"
          + " current end of the binlog with the current table, and reconciles the table with the"
          + " topics: sluice-relay shards heal %s --force";

  static ServerColumns read(ShardSource source, ShardTable table, LaterStatements later) {
    try (Connection connection = table.connect(source.server())) {
      return new ServerColumns(table, TableColumn.of(connection, table), later);
    } catch (SQLException e) {
      throw ServerFailures.classify(source, e);
    }
  }

  private List<String> names() {
    return columns.stream().map(TableColumn::name).toList();
  }

  /**
   * The type of an ENUM or SET column with its values, which the binlog does not have.
   *
   * @throws OperatorNeededException if a later statement may have changed them
   */
  Optional<String> values(Place place, String column) {
    Optional<String> statement = later.first(place, table);
    if (statement.isPresent()) {
      throw new OperatorNeededException(
          "shard '%s' does not know the values of column '%s' of table %s: the binlog does not have them, and the table was altered again: '%s'"
              .formatted(
                  table.shard(), column, table.name(), TableDefinitions.shortened(statement.get())),
          REMEDY.formatted(table.shard()));
    }
    return columns.stream()
        .filter(known -> known.name().equalsIgnoreCase(column))
        .map(TableColumn::definition)
        .filter(type -> type.startsWith("enum(") || type.startsWith("set("))
        .findFirst();
  }

  /**
   * The names of the columns of rows.
   *
   * @param place the place of the rows in the binlog
   * @param count how many columns they have
   * @param derived the names that follow from statements; empty if unknown
   * @param statement the last statement that changed the table, for messages
   * @throws OperatorNeededException if the names are unknown
   */
  List<String> names(Place place, int count, Optional<List<String>> derived, String statement) {
    Optional<List<String>> possible = derived.filter(names -> names.size() == count);
    if (possible.filter(names -> lower(names).equals(lower(names()))).isPresent()) {
      return names();
    }
    Optional<String> next = later.first(place, table);
    if (next.isEmpty() && columns.size() == count) {
      return names();
    }
    if (next.isPresent() && possible.isPresent()) {
      return possible.get();
    }
    throw unknown(count, statement, next);
  }

  private static List<String> lower(List<String> names) {
    return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
  }

  private OperatorNeededException unknown(int count, String statement, Optional<String> next) {
    return new OperatorNeededException(
        "shard '%s' does not know the names of the %d columns of table %s%s: the binlog has no names, %s"
            .formatted(
                table.shard(),
                count,
                table.name(),
                statement.isEmpty() ? "" : " after the statement '%s'".formatted(statement),
                next.map(TableDefinitions::shortened)
                    .map(text -> "and it was altered again: '%s'".formatted(text))
                    .orElse(
                        "and the server's table has %d columns: %s"
                            .formatted(columns.size(), names()))),
        REMEDY.formatted(table.shard()));
  }
}
