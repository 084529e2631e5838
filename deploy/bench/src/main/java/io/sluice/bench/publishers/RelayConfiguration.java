package io.sluice.bench.publishers;

import io.sluice.bench.events.EventSeries;
import io.sluice.bench.events.EventTopics;
import io.sluice.bench.events.Outbox;
import io.sluice.bench.harness.Bench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The relay's configuration: its defaults, and what has none.
 *
 * @param template the template of the topics' names
 * @param shards the databases, which are on one server
 * @param serverId the id of the first engine among the server's replicas
 * @param isShared whether the shards share an engine
 * @param opsPort the port of the metrics, 0 for any
 */
public record RelayConfiguration(
    String group,
    String template,
    List<Outbox> shards,
    int serverId,
    boolean isShared,
    int opsPort) {

  /** An engine for each shard, and metrics at any port. */
  static RelayConfiguration of(String group, String template, List<Outbox> shards, int serverId) {
    return new RelayConfiguration(group, template, shards, serverId, false, 0);
  }

  Path file(Bench bench) {
    return bench.folder().resolve(group + ".yaml");
  }

  /** Writes the file, and the password next to it. */
  void write(Bench bench) throws IOException {
    Files.writeString(
        bench.folder().resolve("relay-password"), shards.get(0).address().admin().password());
    StringBuilder yaml = new StringBuilder();
    yaml.append(
        """
        group: %s
        kafka: {bootstrap.servers: "%s"}
        topics: {template: "%s", partitions: %d, replication-factor: 1}
        domains: %s
        ops: {port: %d}
        shards:
        """
            .formatted(
                group,
                bench.servers().kafka().bootstrapServers(),
                template,
                EventTopics.PARTITIONS,
                EventSeries.DOMAINS,
                opsPort));
    if (isShared) {
      String databases =
          shards.stream()
              .map(shard -> shard.database() + ": " + shard.database())
              .collect(Collectors.joining(", "));
      yaml.append(engine(group, "databases: {" + databases + "}", serverId));
    } else {
      for (int i = 0; i < shards.size(); i++) {
        String database = shards.get(i).database();
        yaml.append(engine(database, "database: " + database, serverId + i));
      }
    }
    Files.writeString(file(bench), yaml);
  }

  private String engine(String id, String databases, int server) {
    return """
      - id: %s
        %s
        host: %s
        port: %d
        username: %s
        password: ${file:relay-password}
        server-id: %d
        tls: disabled
    """
        .formatted(
            id,
            databases,
            shards.get(0).address().host(),
            shards.get(0).address().port(),
            shards.get(0).address().admin().user(),
            server);
  }
}
