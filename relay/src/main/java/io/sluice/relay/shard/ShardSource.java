package io.sluice.relay.shard;

import io.sluice.outbox.ShardId;
import java.util.List;
import java.util.Optional;

/**
 * One binary log and the shards in it: what one engine reads. Usually a single shard; shards of the
 * same server may share a source, so that its binary log is read once.
 *
 * @param id the shard's name, or that of a source of several shards
 * @param server where it is
 * @param tables at least one
 */
public record ShardSource(ShardId id, ShardServer server, List<ShardTable> tables) {

  public ShardSource {
    tables = List.copyOf(tables);
    if (tables.isEmpty()) {
      throw new IllegalArgumentException("source '%s' has no shards".formatted(id));
    }
  }

  /** A source of one shard. */
  public static ShardSource of(ShardServer server, ShardTable table) {
    return new ShardSource(table.shard(), server, List.of(table));
  }

  /** The table in this database, if it is one of ours. */
  public Optional<ShardTable> tableIn(String database) {
    return tables.stream().filter(table -> table.database().equals(database)).findFirst();
  }

  /** The names of its shards. */
  public List<ShardId> shards() {
    return tables.stream().map(ShardTable::shard).toList();
  }

  /** The same shards on another server, as after a failover. */
  public ShardSource on(ShardServer other) {
    return new ShardSource(id, other, tables);
  }

  /** Server and databases, for messages. */
  public String address() {
    return server.address()
        + "/"
        + String.join(",", tables.stream().map(ShardTable::database).toList());
  }
}
