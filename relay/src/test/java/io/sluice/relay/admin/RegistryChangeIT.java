package io.sluice.relay.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import io.sluice.outbox.TopicTemplate;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.config.RelayConfig.Care;
import io.sluice.relay.config.RelayConfig.Identity;
import io.sluice.relay.config.RelayConfig.Publishing;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.publish.Delivery;
import io.sluice.relay.publish.Domains;
import io.sluice.relay.publish.RecordFormat;
import io.sluice.relay.publish.TopicSettings;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.InternalTopics;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.RegisteredShard.Phase;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@SandboxTest
class RegistryChangeIT {

  private static final ShardId ID = ShardId.of("s0");

  private static RelayConfig config(Sandbox sandbox, String name) {
    return new RelayConfig(
        new Identity(new InternalTopics(sandbox.topicPrefix() + name), Optional.empty()),
        new KafkaSettings(Map.of("bootstrap.servers", sandbox.kafka().bootstrapServers())),
        new Publishing(
            Delivery.EXACTLY_ONCE,
            new TopicSettings(TopicTemplate.DEFAULT, 1, (short) 1, 1 << 20),
            RecordFormat.PLAIN,
            Domains.of(List.of(EventDomain.CHAT))),
        Care.DEFAULT,
        List.of());
  }

  @Test
  void aConcurrentChangeIsDetectedAndReported(Sandbox sandbox) {
    RelayConfig config = config(sandbox, "g");
    sandbox.topics().create("g.shards", 1, Map.of());
    RegisteredShard source = RegisteredShard.active(ID, 0, List.of(ID));
    RegistryEditor other = new RegistryEditor(config.kafka(), config.identity().topics());
    other.edit(present -> List.of(other.record(source)));
    RegistryChange change = new RegistryChange(new RelayGroup(config));

    TransientException refusal =
        assertThrows(
            TransientException.class,
            () ->
                change.replace(
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
