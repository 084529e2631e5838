package io.sluice.sandbox.server.internal.kafka;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The {@code server.properties} of the brokers that this module starts. */
final class BrokerProperties {
  /**
   * Properties of every broker, including those in containers. The broker creates no topic
   * automatically, and starts a consumer group without waiting for more members.
   */
  static final Map<String, String> SHARED =
      Map.ofEntries(
          // A killed broker can register again only when its session has expired: 9 s by default.
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
          // A transaction that begins while the markers of the one before are written is refused
          // and
          // tried again after this time: by default 20 ms, most of the latency of an event.
          Map.entry("add.partitions.to.txn.retry.backoff.ms", "1"),
          Map.entry("share.coordinator.state.topic.replication.factor", "1"),
          Map.entry("share.coordinator.state.topic.min.isr", "1"));

  /** Properties of a node that is broker and controller in one process. */
  private static final Map<String, String> NODE =
      Map.of(
          "node.id", "1",
          "process.roles", "broker,controller",
          "controller.listener.names", "CONTROLLER",
          "inter.broker.listener.name", "PLAINTEXT",
          "listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT");

  private BrokerProperties() {}

  /** The properties of a broker that listens at these ports and has its data in this folder. */
  static Map<String, String> of(BrokerPorts ports, Path data) {
    Map<String, String> properties = new TreeMap<>(SHARED);
    properties.putAll(NODE);
    properties.put("listeners", ports.listeners());
    properties.put("advertised.listeners", "PLAINTEXT://" + ports.bootstrapServers());
    properties.put("controller.quorum.voters", ports.voters());
    properties.put("log.dirs", data.toString());
    return properties;
  }
}
