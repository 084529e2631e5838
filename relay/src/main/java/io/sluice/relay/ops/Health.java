package io.sluice.relay.ops;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.relay.ops.OpsServer.Reply;
import java.net.HttpURLConnection;
import java.util.Optional;

/**
 * Answers health probes. A shard in trouble fails no probe: another relay could not relay it
 * either, and the other shards need this one.
 */
final class Health {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NO_MEMBER =
      "not a member of its group: it has not joined yet, or the brokers do not answer";

  private final ObservedRelay relay;

  Health(ObservedRelay relay) {
    this.relay = relay;
  }

  /** Fails if the process should be replaced. */
  Reply live() {
    return reply(end(), JSON.createObjectNode());
  }

  /** Fails while the relay does not take part in its group. */
  Reply ready() {
    ObjectNode body = JSON.createObjectNode();
    ObjectNode shards = body.putObject("shards");
    ObjectNode maintenance = JSON.createObjectNode();
    relay
        .states()
        .forEach(
            (shard, state) -> {
              shards.put(shard.value(), state.name());
              relay
                  .statistics()
                  .of(shard)
                  .failure()
                  .ifPresent(failure -> maintenance.put(shard.value(), failure.toString()));
            });
    if (!maintenance.isEmpty()) {
      body.set("maintenance", maintenance);
    }
    Optional<String> problem =
        end().or(() -> Optional.of(NO_MEMBER).filter(no -> !relay.hasJoined()));
    return reply(problem, body);
  }

  private Optional<String> end() {
    return Optional.ofNullable(relay.end().getNow(null));
  }

  private static Reply reply(Optional<String> problem, ObjectNode body) {
    body.put("status", problem.isEmpty() ? "UP" : "DOWN");
    problem.ifPresent(reason -> body.put("reason", reason));
    return new Reply(
        problem.isEmpty() ? HttpURLConnection.HTTP_OK : HttpURLConnection.HTTP_UNAVAILABLE,
        "application/json",
        body + "\n");
  }
}
