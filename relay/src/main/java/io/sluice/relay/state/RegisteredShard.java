package io.sluice.relay.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.outbox.ShardId;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.ShardSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Entry of a source in the registry that all relays of a group share.
 *
 * @param id id of the source; the shard's id if it has only one
 * @param partition partition in the topics of positions and pending work; stored, never computed
 * @param phase phase of its life cycle
 * @param shards shards of the source
 * @param moved the address that replaces the configured one, if an operator re-pointed the source
 * @param recoveryApproval the lost position that an operator allowed to abandon, if any
 */
public record RegisteredShard(
    ShardId id,
    int partition,
    Phase phase,
    List<ShardId> shards,
    Optional<Move> moved,
    Optional<String> recoveryApproval) {

  private static final int VERSION = 2;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Phase of a source's life cycle. */
  public enum Phase {
    /** The source is relayed. */
    ACTIVE,
    /** The source is relayed up to the end that its binlog had when draining began. */
    DRAINING,
    /** The source is relayed completely and is not read any more. */
    DRAINED
  }

  /**
   * A change of address. It applies while the configuration contains the old address.
   *
   * @param from host and port in the configuration
   * @param host of the server to read from instead
   * @param port of the server to read from instead
   */
  public record Move(String from, String host, int port) {}

  public RegisteredShard {
    shards = List.copyOf(shards);
  }

  /** Creates an entry for a new source. */
  public static RegisteredShard active(ShardId id, int partition, List<ShardId> shards) {
    return new RegisteredShard(
        id, partition, Phase.ACTIVE, shards, Optional.empty(), Optional.empty());
  }

  /** Returns the entry with another phase. */
  public RegisteredShard in(Phase other) {
    return new RegisteredShard(id, partition, other, shards, moved, recoveryApproval);
  }

  /** Returns the entry with another address. */
  public RegisteredShard at(Move move) {
    return new RegisteredShard(id, partition, phase, shards, Optional.of(move), recoveryApproval);
  }

  /** Returns the entry with the configured address. */
  public RegisteredShard asConfigured() {
    return new RegisteredShard(id, partition, phase, shards, Optional.empty(), recoveryApproval);
  }

  /** Returns the entry with an operator's approval to abandon this position. */
  public RegisteredShard withApproval(String position) {
    return new RegisteredShard(id, partition, phase, shards, moved, Optional.of(position));
  }

  /** Returns the entry without an approval. */
  public RegisteredShard withoutApproval() {
    return new RegisteredShard(id, partition, phase, shards, moved, Optional.empty());
  }

  /**
   * Checks that the configuration has the same shards. The shards of a source share its position,
   * so a single shard cannot be added or removed.
   *
   * @throws OperatorNeededException if it has other shards
   */
  public void requireShardsOf(ShardSource source) {
    List<ShardId> configured = source.shards().stream().sorted().toList();
    if (!configured.equals(shards.stream().sorted().toList())) {
      throw new OperatorNeededException(
          "source '%s' is configured with shards %s and registered with %s"
              .formatted(id, configured, shards),
          "give a new set of shards a new source id, and drain the old one"
              + " (sluice-relay shards drain %s)".formatted(id));
    }
  }

  /**
   * Returns the smallest free partition.
   *
   * @param held partitions with positions, which may be of shards that are not registered any more
   */
  public static int freePartition(Collection<RegisteredShard> shards, Set<Integer> held) {
    Set<Integer> taken = new HashSet<>(held);
    shards.forEach(shard -> taken.add(shard.partition()));
    int free = 0;
    while (taken.contains(free)) {
      free++;
    }
    return free;
  }

  /** Formats the entry as the value of a record in the registry. */
  byte[] toJson() {
    ObjectNode node =
        JSON.createObjectNode()
            .put("version", VERSION)
            .put("partition", partition)
            .put("phase", phase.name());
    ArrayNode ids = node.putArray("shards");
    shards.forEach(shard -> ids.add(shard.value()));
    moved.ifPresent(
        move ->
            node.putObject("moved")
                .put("from", move.from())
                .put("host", move.host())
                .put("port", move.port()));
    recoveryApproval.ifPresent(position -> node.put("healingApproved", position));
    return node.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Parses the output of {@link #toJson}.
   *
   * @throws IllegalArgumentException if it is not a valid entry
   */
  static RegisteredShard fromJson(ShardId id, byte[] json) {
    try {
      JsonNode node = JSON.readTree(json);
      if (node.path("version").asInt() != VERSION || !node.path("partition").canConvertToInt()) {
        throw new IllegalArgumentException("it does not have version " + VERSION);
      }
      List<ShardId> shards = new ArrayList<>();
      node.path("shards").forEach(shard -> shards.add(ShardId.of(shard.asText())));
      return new RegisteredShard(
          id,
          node.path("partition").intValue(),
          Phase.valueOf(node.path("phase").asText()),
          shards,
          move(node.path("moved")),
          Optional.ofNullable(node.path("healingApproved").textValue()));
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static Optional<Move> move(JsonNode node) {
    return node.isObject()
        ? Optional.of(
            new Move(
                node.path("from").asText(), node.path("host").asText(), node.path("port").asInt()))
        : Optional.empty();
  }
}
