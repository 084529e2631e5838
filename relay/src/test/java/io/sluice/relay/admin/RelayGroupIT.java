package io.sluice.relay.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.ShardId;
import io.sluice.relay.RelayFixture;
import io.sluice.relay.RelayWiring;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.RegisteredShard.Phase;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@SandboxTest
class RelayGroupIT {

  private static final ShardId ID = ShardId.of("s0");

  @Test
  void aConcurrentChangeIsDetectedAndReported(Sandbox sandbox) throws SQLException {
    RelayConfig config = new RelayFixture(sandbox, "g", 0).config();
    sandbox.topics().create("g.shards", 1, Map.of());
    RegisteredShard source = RegisteredShard.active(ID, 0, List.of(ID));
    RegistryEditor other = new RegistryEditor(config.kafka(), config.identity().topics());
    other.edit(present -> List.of(other.record(source)));
    RelayGroup group = new RelayWiring(config).group();

    TransientException refusal =
        assertThrows(
            TransientException.class,
            () ->
                group.replace(
                    ID,
                    present -> {
                      other.edit(now -> List.of(other.record(source.in(Phase.DRAINED))));
                      return present.in(Phase.DRAINING);
                    }));

    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains("changed at the same moment by another client"), message);
    assertEquals(Map.of(ID, source.in(Phase.DRAINED)), other.read());
  }
}
