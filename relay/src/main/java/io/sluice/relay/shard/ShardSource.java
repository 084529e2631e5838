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
 * @param isFolded whether the server compares names of databases and tables without case ({@code
 *     lower_case_table_names}); the names are in lower case then, as in its binlog
 */
public record ShardSource(
    ShardId id, ShardServer server, List<ShardTable> tables, boolean isFolded) {

  public ShardSource {
    tables = List.copyOf(tables);
    if (tables.isEmpty()) {
      throw new IllegalArgumentException("source '%s' has no shards".formatted(id));
    }
  }

  /** Creates a source with the names of the configuration. */
  public ShardSource(ShardId id, ShardServer server, List<ShardTable> tables) {
    this(id, server, tables, false);
  }

  /** Creates a source with one shard. */
  public static ShardSource of(ShardServer server, ShardTable table) {
    return new ShardSource(table.shard(), server, List.of(table));
  }

  /** Returns the same shards, with the names of a server that compares them without case. */
  public ShardSource folded() {
    return new ShardSource(id, server, tables.stream().map(ShardTable::folded).toList(), true);
  }

  /** Finds an outbox table by its name, which is compared as the server compares it. */
  public Optional<ShardTable> table(String database, String name) {
    return tables.stream()
        .filter(table -> isSame(table.database(), database))
        .filter(table -> isSame(table.layout().table(), name))
        .findFirst();
  }

  private boolean isSame(String name, String other) {
    return isFolded ? name.equalsIgnoreCase(other) : name.equals(other);
  }

  /** The names of the shards. */
  public List<ShardId> shards() {
    return tables.stream().map(ShardTable::shard).toList();
  }

  /** Returns the same shards on another server, for example after a failover. */
  public ShardSource on(ShardServer other) {
    return new ShardSource(id, other, tables, isFolded);
  }

  /** Server and databases, for messages. */
  public String address() {
    return server.address()
        + "/"
        + String.join(",", tables.stream().map(ShardTable::database).toList());
  }
}
