package io.sluice.relay.cli;

import io.sluice.relay.config.ConfigException;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.shard.ShardSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows changes of the configuration while the relay runs. Used by one thread. */
final class ConfigReload {

  private static final Logger LOG = LoggerFactory.getLogger(ConfigReload.class);

  private final ConfigOption option;
  private RelayConfig present;
  private String problem = "";

  ConfigReload(ConfigOption option, RelayConfig present) {
    this.option = option;
    this.present = present;
  }

  /**
   * The shards, if they are others than before. What else was changed holds after a restart, and a
   * configuration that is wrong is not used at all; both are said once.
   */
  Optional<List<ShardSource>> changedShards() {
    RelayConfig now;
    try {
      now = option.read();
      problem = "";
    } catch (ConfigException e) {
      String found = String.valueOf(e.getMessage());
      if (!found.equals(problem)) {
        LOG.error("going on with the former configuration: {}", found);
      }
      problem = found;
      return Optional.empty();
    }
    RelayConfig before = present;
    present = now;
    if (!before.withShardsOf(now).equals(now)) {
      LOG.warn("the configuration has changed beside 'shards': that holds after a restart");
    }
    if (before.shards().equals(now.shards())) {
      return Optional.empty();
    }
    LOG.info("following a change of 'shards' in the configuration");
    return Optional.of(now.shards());
  }
}
