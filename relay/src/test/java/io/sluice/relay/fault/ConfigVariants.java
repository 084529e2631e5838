package io.sluice.relay.fault;

import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.config.RelayConfig.Identity;
import io.sluice.relay.shard.ShardSource;
import io.sluice.sandbox.proxy.FaultProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Variants of a configuration. */
final class ConfigVariants {

  private ConfigVariants() {}

  /** Connects each shard through its proxy, in this order. */
  static RelayConfig through(RelayConfig config, FaultProxy... proxies) {
    List<ShardSource> shards = new ArrayList<>();
    for (ShardSource source : config.shards()) {
      FaultProxy proxy = proxies[shards.size()];
      shards.add(source.on(source.server().at(proxy.host(), proxy.port())));
    }
    return new RelayConfig(
        config.identity(), config.kafka(), config.publishing(), config.care(), shards);
  }

  /** Sets the instance name of a relay. */
  static RelayConfig named(RelayConfig config, String name) {
    return new RelayConfig(
        new Identity(config.identity().topics(), Optional.of(name)),
        config.kafka(),
        config.publishing(),
        config.care(),
        config.shards());
  }
}
