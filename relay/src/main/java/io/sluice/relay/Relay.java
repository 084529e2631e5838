package io.sluice.relay;

import io.sluice.outbox.ShardId;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.forward.DomainTopics;
import io.sluice.relay.provision.ShardProvisioner;
import io.sluice.relay.supervise.ShardRunFactory;
import io.sluice.relay.supervise.ShardState;
import io.sluice.relay.supervise.ShardSupervisor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running relay: every configured shard under a supervisor of its own. Start it once, close it
 * once; thread-safe.
 */
public final class Relay implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(45);

  private final List<ShardSupervisor> supervisors;

  private Relay(List<ShardSupervisor> supervisors) {
    this.supervisors = supervisors;
  }

  /** A relay as configured, not started yet. */
  public static Relay of(RelayConfig config) {
    DomainTopics topics = domainTopics(config);
    ShardRunFactory runs =
        new ShardRunFactory(
            config.kafka(), config.internalTopics(), topics, provisioner(config, topics));
    return new Relay(
        config.shards().stream().map(shard -> new ShardSupervisor(shard, runs)).toList());
  }

  static DomainTopics domainTopics(RelayConfig config) {
    return new DomainTopics(
        config.topics().template(), config.domains(), config.topics().maxMessageBytes());
  }

  static ShardProvisioner provisioner(RelayConfig config, DomainTopics topics) {
    return new ShardProvisioner(config.kafka(), config.internalTopics(), config.topics(), topics);
  }

  /** Starts all shards; returns at once. */
  public void start() {
    supervisors.forEach(ShardSupervisor::start);
  }

  /** Every shard and how it is. */
  public Map<ShardId, ShardState> states() {
    Map<ShardId, ShardState> states = new TreeMap<>();
    supervisors.forEach(supervisor -> states.put(supervisor.shard(), supervisor.state()));
    return states;
  }

  /** Waits until no shard is left running: all are closed, or all wait for an operator. */
  public void awaitEnd() throws InterruptedException {
    for (ShardSupervisor supervisor : supervisors) {
      while (!supervisor.awaitEnd(CLOSE_TIMEOUT)) {
        LOG.trace("shard '{}' goes on", supervisor.shard());
      }
    }
  }

  /**
   * Ends all shards, within {@code 45} seconds. What was not published by then is published by the
   * next relay.
   */
  @Override
  public void close() {
    supervisors.forEach(ShardSupervisor::stop);
    long deadline = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
    try {
      for (ShardSupervisor supervisor : supervisors) {
        Duration left = Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
        if (!supervisor.awaitEnd(left)) {
          LOG.warn("shard '{}': still busy when the relay ends", supervisor.shard());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.warn("interrupted while shards were closing: {}", states());
    }
  }
}
