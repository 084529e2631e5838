package io.sluice.relay.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.outbox.ShardId;
import io.sluice.relay.state.RegisteredShard.Move;
import io.sluice.relay.state.RegisteredShard.Phase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** JSON format of the registry's entries. */
final class RegistryFormat {

  private static final int VERSION = 2;
  private static final ObjectMapper JSON = new ObjectMapper();

  private RegistryFormat() {}

  static byte[] toJson(RegisteredShard source) {
    ObjectNode node =
        JSON.createObjectNode()
            .put("version", VERSION)
            .put("partition", source.partition())
            .put("phase", source.phase().name());
    ArrayNode shards = node.putArray("shards");
    source.shards().forEach(shard -> shards.add(shard.value()));
    source
        .moved()
        .ifPresent(
            move ->
                node.putObject("moved")
                    .put("from", move.from())
                    .put("host", move.host())
                    .put("port", move.port()));
    source.recoveryApproval().ifPresent(position -> node.put("healingApproved", position));
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
      return new RegisteredShard(
          id,
          node.path("partition").intValue(),
          Phase.valueOf(node.path("phase").asText()),
          shards(node.path("shards")),
          moved(node.path("moved")),
          Optional.ofNullable(node.path("healingApproved").textValue()));
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static List<ShardId> shards(JsonNode node) {
    List<ShardId> shards = new ArrayList<>();
    node.forEach(shard -> shards.add(ShardId.of(shard.asText())));
    return shards;
  }

  private static Optional<Move> moved(JsonNode node) {
    return node.isObject()
        ? Optional.of(
            new Move(
                node.path("from").asText(), node.path("host").asText(), node.path("port").asInt()))
        : Optional.empty();
  }
}
