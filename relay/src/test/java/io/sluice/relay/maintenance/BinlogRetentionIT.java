package io.sluice.relay.maintenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.ShardId;
import io.sluice.relay.Await;
import io.sluice.relay.shard.Secret;
import io.sluice.relay.shard.ShardServer;
import io.sluice.relay.shard.ShardServer.Login;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.shard.TableLayout;
import io.sluice.relay.shard.TlsMode;
import io.sluice.sandbox.server.MySqlServer;
import io.sluice.sandbox.server.api.MySqlAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Uses a separate server, because it purges the binlog. */
class BinlogRetentionIT {

  private static final Optional<Duration> DEFAULT = Optional.of(Duration.ofDays(30));

  @Test
  void isThatOfTheOldestFileOnceTheServerHasPurged() throws Exception {
    Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    try (MySqlServer mysql = MySqlServer.start()) {
      ShardSource source = source(mysql);
      mysql.binaryLog().rotate();
      BinlogRetention unpurged = BinlogRetention.of(source);
      assertEquals(mysql.binaryLog().files().get(0), unpurged.oldest().name());
      assertFalse(unpurged.oldest().createdAt().isBefore(start), unpurged.toString());
      assertEquals(DEFAULT, unpurged.kept());

      Instant rotated = Instant.now();
      mysql.binaryLog().rotate();
      mysql.binaryLog().purge();
      Instant later = rotated.plusSeconds(2);
      Await.until(() -> Instant.now().isAfter(later));

      BinlogRetention purged = BinlogRetention.of(source);
      assertEquals(mysql.binaryLog().files().get(0), purged.oldest().name());
      assertTrue(purged.oldest().createdAt().isBefore(later), purged.toString());
      assertFalse(purged.oldest().createdAt().isBefore(start), purged.toString());
      Duration kept = purged.kept().orElseThrow();
      assertTrue(kept.compareTo(Duration.between(start, Instant.now())) <= 0, kept.toString());
    }
  }

  private static ShardSource source(MySqlServer mysql) {
    MySqlAddress address = mysql.address();
    Login login = new Login(address.admin().user(), new Secret(address.admin().password()));
    return ShardSource.of(
        new ShardServer(address.host(), address.port(), login, 1, TlsMode.DISABLED),
        new ShardTable(ShardId.of("shard-1"), "mysql", TableLayout.STANDARD));
  }
}
