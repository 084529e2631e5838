package io.sluice.relay.cli;

import io.sluice.relay.config.ConfigException;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.shard.ShardSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Detects changes of the configuration while the relay runs. Used by one thread. */
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
   * Reads the configuration again. Changes of other settings need a restart, and an invalid
   * configuration is ignored; each is logged once.
   *
   * @return the shards if they have changed
   */
  Optional<List<ShardSource>> changedShards() {
    RelayConfig now;
    try {
      now = option.read();
      problem = "";
    } catch (ConfigException e) {
      String found = String.valueOf(e.getMessage());
      if (!found.equals(problem)) {
        LOG.error("the former configuration stays in use: {}", found);
      }
      problem = found;
      return Optional.empty();
    }
    RelayConfig before = present;
    present = now;
    if (!before.withShards(now.shards()).equals(now)) {
      LOG.warn("settings other than 'shards' have changed: restart the relay to apply them");
    }
    if (before.shards().equals(now.shards())) {
      return Optional.empty();
    }
    LOG.info("applying a change of 'shards' in the configuration");
    return Optional.of(now.shards());
  }
}
