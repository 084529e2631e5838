package io.sluice.relay;

import io.sluice.relay.maintenance.MaintenanceTimings;
import io.sluice.relay.reconcile.ReconcileTimings;
import io.sluice.relay.supervise.SupervisionTimings;
import java.time.Duration;

/**
 * How often the relay looks, how long it waits, and when it tries again. These are no settings of
 * users; tests shorten them. Each package has only its own.
 *
 * @param registryInterval between two reads of the registry of shards
 * @param topicAge after which the settings of a topic are read again
 * @param supervision of the runs of shards
 * @param maintenance of the tables, and of open transactions
 * @param reconcile of the tables with their topics
 */
record RelayTimings(
    Duration registryInterval,
    Duration topicAge,
    SupervisionTimings supervision,
    MaintenanceTimings maintenance,
    ReconcileTimings reconcile) {

  /** The periods of a relay that operators run. */
  public static final RelayTimings PRODUCTION =
      new RelayTimings(
          // An operator who drains or adds a shard waits for it.
          Duration.ofSeconds(1),
          // An operator who raises a topic's limit waits for it; each read is a request to Kafka.
          Duration.ofSeconds(5),
          new SupervisionTimings(
              // Short enough to notice a dead connection soon, and no load for a server.
              Duration.ofSeconds(2),
              // Several heartbeats.
              Duration.ofSeconds(12),
              // An engine takes up to that long from its failure to the report of it.
              Duration.ofSeconds(2),
              Duration.ofMillis(250),
              Duration.ofMillis(500),
              // A server that comes back is read again within this time.
              Duration.ofSeconds(30),
              // Often enough that the position does not fall behind purging.
              Duration.ofSeconds(10),
              Duration.ofSeconds(1),
              // The copy of the registry needs a moment to hold a shard that was just provisioned.
              Duration.ofSeconds(10)),
          new MaintenanceTimings(
              Duration.ofMillis(500),
              // Longer than a periodic task keeps its thread, which an idle shard does without.
              Duration.ofSeconds(2),
              Duration.ofSeconds(10),
              // Reconciliation and drains wait until it is certain which server is read.
              Duration.ofSeconds(2),
              Duration.ofSeconds(10),
              // An operator has to act; until then each attempt fails.
              Duration.ofMinutes(5),
              Duration.ofSeconds(30),
              // Producers' transaction.timeout.ms is 60 s by default; brokers check every 10 s.
              Duration.ofMinutes(2)),
          new ReconcileTimings(
              // For the same reason.
              Duration.ofSeconds(2),
              Duration.ofSeconds(5),
              Duration.ofSeconds(5),
              Duration.ofSeconds(30),
              // A failed lookup can take a minute, so it is not repeated for every page.
              Duration.ofSeconds(30),
              // A transaction that a dead relay left open ends sooner.
              Duration.ofSeconds(60)));
}
