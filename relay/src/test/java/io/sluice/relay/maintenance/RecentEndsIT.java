package io.sluice.relay.maintenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.sluice.outbox.ShardId;
import io.sluice.relay.mysql.BinlogEnd;
import io.sluice.relay.shard.Secret;
import io.sluice.relay.shard.ShardServer;
import io.sluice.relay.shard.ShardServer.Login;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.shard.TableLayout;
import io.sluice.relay.shard.TlsMode;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.sandbox.server.api.MySqlAddress;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Shards of a server share what one of them has read. */
@SandboxTest
class RecentEndsIT {

  private final Sandbox sandbox;
  private final Database database;

  RecentEndsIT(Sandbox sandbox) throws SQLException {
    this.sandbox = sandbox;
    this.database = sandbox.database("ends");
  }

  private ShardSource source(String shard, int replicaId) {
    MySqlAddress address = sandbox.mysql().address();
    Login login = new Login(address.admin().user(), new Secret(address.admin().password()));
    return ShardSource.of(
        new ShardServer(address.host(), address.port(), login, replicaId, TlsMode.DISABLED),
        new ShardTable(ShardId.of(shard), database.name(), TableLayout.STANDARD));
  }

  /** Writes to the binlog. */
  private void write() throws SQLException {
    database.run("CREATE TABLE IF NOT EXISTS other (id INT); INSERT INTO other VALUES (1)");
  }

  @Test
  void shardsShareAnEndUntilItIsOld() throws Exception {
    RecentEnds ends = new RecentEnds(Duration.ofDays(1));
    BinlogEnd first = ends.recent(source("one", 1));
    write();

    assertEquals(first, ends.recent(source("two", 2)));
    BinlogEnd second = ends.now(source("two", 2));
    assertNotEquals(first.position(), second.position());
    assertEquals(second, ends.recent(source("one", 1)));
  }

  @Test
  void anOldEndIsReadAgain() throws Exception {
    RecentEnds ends = new RecentEnds(Duration.ZERO);
    BinlogEnd first = ends.recent(source("one", 1));
    write();

    assertNotEquals(first.position(), ends.recent(source("one", 1)).position());
  }
}
