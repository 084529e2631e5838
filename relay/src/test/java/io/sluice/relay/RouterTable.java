package io.sluice.relay;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxTable;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.shard.TableLayout;
import java.util.Map;
import java.util.Optional;

/** The table of Debezium's outbox event router, named {@code outbox}. */
final class RouterTable {

  private RouterTable() {}

  /** The source with this table instead of the shipped one. */
  static ShardSource of(ShardSource standard, EventDomain domain) {
    TableLayout layout =
        new TableLayout(
            "outbox",
            Map.of(
                OutboxTable.ID, "id",
                OutboxTable.AGGREGATE_TYPE, "aggregatetype",
                OutboxTable.AGGREGATE_ID, "aggregateid",
                OutboxTable.EVENT_TYPE, "type",
                OutboxTable.EVENT_DATA, "payload"),
            Optional.of(domain));
    ShardTable table = standard.tables().get(0);
    return ShardSource.of(
        standard.server(), new ShardTable(table.shard(), table.database(), layout));
  }
}
