package io.sluice.relay;

import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.config.RelayConfig.Identity;
import io.sluice.relay.config.RelayConfig.Publishing;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.maintenance.MaintenanceSettings;
import io.sluice.relay.recovery.RecoverySettings;
import io.sluice.relay.shard.ShardSource;
import io.sluice.sandbox.proxy.FaultProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Variants of a configuration. */
public final class ConfigVariants {

  private ConfigVariants() {}

  /** Connects each shard through its proxy, in this order. */
  public static RelayConfig through(RelayConfig config, FaultProxy... proxies) {
    List<ShardSource> shards = new ArrayList<>();
    for (ShardSource source : config.shards()) {
      FaultProxy proxy = proxies[shards.size()];
      shards.add(source.on(source.server().at(proxy.host(), proxy.port())));
    }
    return config.withShards(shards);
  }

  /** Sets the instance name of a relay. */
  public static RelayConfig named(RelayConfig config, String name) {
    return new RelayConfig(
        new Identity(config.identity().topics(), Optional.of(name), config.identity().ops()),
        config.kafka(),
        config.publishing(),
        config.recovery(),
        config.maintenance(),
        config.queueBytes(),
        config.shards());
  }

  public static RelayConfig with(RelayConfig config, KafkaSettings kafka) {
    return new RelayConfig(
        config.identity(),
        kafka,
        config.publishing(),
        config.recovery(),
        config.maintenance(),
        config.queueBytes(),
        config.shards());
  }

  public static RelayConfig with(RelayConfig config, Publishing publishing) {
    return new RelayConfig(
        config.identity(),
        config.kafka(),
        publishing,
        config.recovery(),
        config.maintenance(),
        config.queueBytes(),
        config.shards());
  }

  public static RelayConfig with(RelayConfig config, RecoverySettings recovery) {
    return new RelayConfig(
        config.identity(),
        config.kafka(),
        config.publishing(),
        recovery,
        config.maintenance(),
        config.queueBytes(),
        config.shards());
  }

  public static RelayConfig with(RelayConfig config, MaintenanceSettings maintenance) {
    return new RelayConfig(
        config.identity(),
        config.kafka(),
        config.publishing(),
        config.recovery(),
        maintenance,
        config.queueBytes(),
        config.shards());
  }
}
