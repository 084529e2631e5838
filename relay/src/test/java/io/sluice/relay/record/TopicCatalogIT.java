package io.sluice.relay.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.TopicTemplate;
import io.sluice.relay.Await;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.kafka.TopicAdmin;
import io.sluice.relay.kafka.TopicAdmin.Topic;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.state.InternalTopics;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

@SandboxTest
class TopicCatalogIT {

  /** The topics of a group with the domain A. */
  private static TopicCatalog topics(Sandbox sandbox, int partitions) {
    KafkaSettings kafka =
        new KafkaSettings(Map.of("bootstrap.servers", sandbox.kafka().bootstrapServers()));
    TopicTemplate template = new TopicTemplate(sandbox.topicPrefix() + "risk_${domain}");
    InternalTopics internal = new InternalTopics(sandbox.topicPrefix() + "group");
    return new TopicCatalog(
        internal,
        new TopicSettings(template, partitions, (short) 1, 2 << 20),
        new TopicDirectory(template, Domains.of(List.of(EventDomain.of("A"))), internal),
        new TopicAdmin(kafka, (short) 1),
        Duration.ofMillis(200));
  }

  @Test
  void aLimitIsTheSmallerOfTopicAndRelay(Sandbox sandbox) {
    String small = sandbox.topics().create("small", 1, Map.of("max.message.bytes", "5000"));
    String large = sandbox.topics().create("large", 1, Map.of("max.message.bytes", "9000000"));
    TopicCatalog topics = topics(sandbox, 1);

    assertEquals(new Topic.Open(5000), topics.look(small));
    assertEquals(new Topic.Open(2 << 20), topics.look(large));
    assertEquals(new Topic.Open(2 << 20), topics.look(sandbox.topicPrefix() + "fresh"));
  }

  @Test
  void aChangedLimitIsApplied(Sandbox sandbox) throws Exception {
    String topic = sandbox.topics().create("changed", 1, Map.of("max.message.bytes", "5000"));
    TopicCatalog topics = topics(sandbox, 1);
    assertEquals(new Topic.Open(5000), topics.look(topic));

    setMaxMessageBytes(sandbox, topic, 9000);
    Await.until(() -> topics.lookAgain(topic).equals(new Topic.Open(9000)));
    assertEquals(new Topic.Open(9000), topics.look(topic));

    setMaxMessageBytes(sandbox, topic, 7000);
    Await.until(
        () -> {
          topics.refresh(topic);
          return topics.look(topic).equals(new Topic.Open(7000));
        });
  }

  private static void setMaxMessageBytes(Sandbox sandbox, String topic, int bytes)
      throws Exception {
    ConfigEntry entry = new ConfigEntry("max.message.bytes", Integer.toString(bytes));
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", sandbox.kafka().bootstrapServers()))) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, topic),
                  List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void aDomainsTopicThatKafkaRejectsNeedsAnOperator(Sandbox sandbox) {
    sandbox.topics().create("risk.a", 1);
    TopicCatalog topics = topics(sandbox, 1);

    for (int attempt = 0; attempt < 2; attempt++) {
      OperatorNeededException refusal = assertThrows(OperatorNeededException.class, topics::ensure);
      assertTrue(refusal.problem().contains("risk_a could not be created"), refusal.problem());
      assertTrue(refusal.remedy().contains("differ by '.' and '_'"), refusal.remedy());
    }
    assertInstanceOf(Topic.Refused.class, topics.look(sandbox.topicPrefix() + "risk_a"));
  }

  @Test
  void settingsThatKafkaRejectsNeedAnOperator(Sandbox sandbox) {
    TopicCatalog topics = topics(sandbox, 0);

    OperatorNeededException refusal =
        assertThrows(
            OperatorNeededException.class, () -> topics.look(sandbox.topicPrefix() + "none"));
    assertTrue(refusal.remedy().contains("topics.partitions"), refusal.remedy());
  }
}
