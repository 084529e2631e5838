package io.sluice.relay.group;

import io.sluice.relay.kafka.KafkaSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * How a relay takes part in the assignment of shards.
 *
 * @param kafka connects to the brokers
 * @param group the consumer group of the relays
 * @param topic the topic with one partition for each shard
 * @param instance Kafka's {@code group.instance.id}, unique in the group: a relay with one is a
 *     static member and keeps its shards if it is back within the session timeout
 */
public record AssignmentSettings(
    KafkaSettings kafka, String group, String topic, Optional<String> instance) {

  /** The name of this relay in the group: its instance, or else its host and process. */
  String name() {
    return instance.orElseGet(() -> host() + "-" + ProcessHandle.current().pid());
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "relay";
    }
  }
}
