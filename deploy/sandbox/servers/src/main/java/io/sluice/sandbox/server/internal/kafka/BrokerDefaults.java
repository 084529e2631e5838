package io.sluice.sandbox.server.internal.kafka;

import java.util.Map;

/** The properties of every broker that is started here, in a container or not. */
final class BrokerDefaults {
  /**
   * A single node creates no topic automatically, and starts a consumer group without waiting for
   * more members.
   */
  static final Map<String, String> PROPERTIES =
      Map.ofEntries(
          // A killed broker can register again only when its session has expired, by default after
          // 9 s.
          Map.entry("broker.session.timeout.ms", "3000"),
          Map.entry("broker.heartbeat.interval.ms", "500"),
          Map.entry("auto.create.topics.enable", "false"),
          Map.entry("group.initial.rebalance.delay.ms", "0"),
          Map.entry("default.replication.factor", "1"),
          Map.entry("min.insync.replicas", "1"),
          Map.entry("offsets.topic.replication.factor", "1"),
          Map.entry("offsets.topic.num.partitions", "5"),
          Map.entry("transaction.state.log.replication.factor", "1"),
          Map.entry("transaction.state.log.min.isr", "1"),
          Map.entry("transaction.state.log.num.partitions", "5"),
          Map.entry("share.coordinator.state.topic.replication.factor", "1"),
          Map.entry("share.coordinator.state.topic.min.isr", "1"));

  private BrokerDefaults() {}
}
