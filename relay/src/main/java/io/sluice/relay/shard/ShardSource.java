package io.sluice.relay.shard;

import io.sluice.outbox.ShardId;
import java.util.List;
import java.util.Optional;

/**
 * A server and its shards, read by one engine. A source usually has one shard. Shards on the same
 * server can share a source, so that the server's binlog is read only once.
 *
 * @param id name of the source; the shard's name if it has only one
 * @param server the server of the shards
 * @param tables outbox tables of the shards; at least one
 */
public record ShardSource(ShardId id, ShardServer server, List<ShardTable> tables) {

  public ShardSource {
    tables = List.copyOf(tables);
    if (tables.isEmpty()) {
      throw new IllegalArgumentException("source '%s' has no shards".formatted(id));
    }
  }

  /** Creates a source with one shard. */
  public static ShardSource of(ShardServer server, ShardTable table) {
    return new ShardSource(table.shard(), server, List.of(table));
  }

  /** Finds the outbox table in a database of this source. */
  public Optional<ShardTable> tableIn(String database) {
    return tables.stream().filter(table -> table.database().equals(database)).findFirst();
  }

  /** The names of the shards. */
  public List<ShardId> shards() {
    return tables.stream().map(ShardTable::shard).toList();
  }

  /** Returns the same shards on another server, for example after a failover. */
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
