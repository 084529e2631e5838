package io.sluice.relay.schema;

import io.sluice.relay.mysql.BinlogEvents;
import io.sluice.relay.mysql.BinlogEvents.Place;
import io.sluice.relay.mysql.BinlogEvents.Search;
import io.sluice.relay.schema.SqlTokens.TableName;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether an outbox table was altered after a place in the binlog. If not, its rows at
 * that place have the columns that the table has now. Remembers what was read, because a lagging
 * shard asks again for each binlog file. Used by one thread.
 */
final class LaterStatements {

  private static final Logger LOG = LoggerFactory.getLogger(LaterStatements.class);

  private final ShardSource source;
  private final Map<ShardTable, Search> searches = new HashMap<>();

  LaterStatements(ShardSource source) {
    this.source = source;
  }

  /** Returns the first statement after a place that may have changed the columns of a table. */
  Optional<String> first(Place place, ShardTable table) {
    @Nullable Search last = searches.get(table);
    boolean isRead = last != null && place.compareTo(last.end()) < 0;
    if (last != null && isRead && last.statement().isPresent()) {
      return last.statement();
    }
    Place from = last != null && isRead ? last.end() : place;
    LOG.info(
        "shard '{}': the columns of {} may differ from the server's; looking for later statements"
            + " from {}:{}",
        table.shard(),
        table.name(),
        from.file(),
        from.position());
    Search search =
        BinlogEvents.firstStatement(
            source, from, (database, statement) -> mayChange(table, database, statement));
    searches.put(table, search);
    return search.statement();
  }

  private boolean mayChange(ShardTable table, String database, String statement) {
    if (!ColumnNames.mayChange(statement)) {
      return false;
    }
    ColumnNames names = new ColumnNames(source.isFolded());
    TableName name = new TableName(table.database(), table.layout().table());
    names.put(name, List.of()); // it exists: CREATE TABLE IF NOT EXISTS does nothing
    return names.apply(database, statement).contains(names.key(name));
  }
}
