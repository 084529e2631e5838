package io.sluice.sandbox.demo.setup;

import io.sluice.outbox.ShardId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The relay's configuration file, as an operator would write it. */
public final class RelayConfiguration {

  private static final long FIRST_SERVER_ID = 900_001;

  private RelayConfiguration() {}

  /** Writes the file, and next to it the password file that it refers to. */
  public static Path write(Path folder, SandboxDatabases databases, String bootstrapServers) {
    StringBuilder yaml = new StringBuilder();
    yaml.append("group: sandbox\n");
    yaml.append("kafka:\n  bootstrap.servers: ").append(bootstrapServers).append('\n');
    yaml.append("topics:\n  partitions: 6\n  replication-factor: 1\n");
    // A broker that is killed while it commits may forget a transaction, whose events the relay
    // then
    // publishes by reconciliation. The run waits for that, so it must not take minutes.
    yaml.append("sweep: {settled-after: 30s}\n");
    // Several relays may run on this machine.
    yaml.append("ops: {port: 0}\n");
    yaml.append("shards:\n");
    for (int i = 0; i < databases.shards().size(); i++) {
      yaml.append(shard(databases, databases.shards().get(i), FIRST_SERVER_ID + i));
    }
    try {
      Files.writeString(
          folder.resolve("relay-password"), databases.password(SandboxDatabases.RELAY));
      return Files.writeString(folder.resolve("relay.yaml"), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the relay's configuration", e);
    }
  }

  private static String shard(SandboxDatabases databases, ShardId shard, long serverId) {
    return """
          - id: %s
            host: %s
            port: %d
            database: %s
            username: %s
            password: ${file:relay-password}
            server-id: %d
            tls: disabled
        """
        .formatted(
            shard,
            databases.mysql().host(),
            databases.mysql().port(),
            shard,
            SandboxDatabases.RELAY,
            serverId);
  }
}
