package io.sluice.relay.check;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.ShardId;
import io.sluice.relay.failure.OperatorNeededException;
import io.sluice.relay.failure.TransientException;
import io.sluice.relay.publish.RelayPosition;
import io.sluice.relay.shard.Secret;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardSource.Login;
import io.sluice.relay.shard.TlsMode;
import io.sluice.sandbox.junit.Account;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;

@SandboxTest
class ShardCheckIT {

  private static ShardSource source(
      Sandbox sandbox, String database, String user, String password) {
    return new ShardSource(
        ShardId.of("shard-1"),
        sandbox.mysql().host(),
        sandbox.mysql().port(),
        database,
        new Login(user, new Secret(password)),
        1,
        TlsMode.DISABLED);
  }

  private static ShardSource readable(Sandbox sandbox, Database database) {
    Account account =
        sandbox.account(
            "relay",
            "REPLICATION SLAVE, REPLICATION CLIENT ON *.*",
            "SELECT ON `%s`.*".formatted(database.name()));
    return source(sandbox, database.name(), account.user(), account.password());
  }

  private static String refusal(ShardSource source) {
    return String.valueOf(
        assertThrows(OperatorNeededException.class, () -> ShardCheck.run(source)).getMessage());
  }

  @Test
  void acceptsTheShippedTable(Sandbox sandbox) throws SQLException {
    Database database = sandbox.database("correct");
    database.run(OutboxTable.ddl());

    assertDoesNotThrow(() -> ShardCheck.run(readable(sandbox, database)));
  }

  @Test
  void namesAMissingTable(Sandbox sandbox) {
    String refusal = refusal(readable(sandbox, sandbox.database("empty")));

    assertTrue(refusal.contains("outbox_events is not there"), refusal);
  }

  @Test
  void namesEveryMissingColumn(Sandbox sandbox) throws SQLException {
    Database database = sandbox.database("incomplete");
    database.run(OutboxTable.ddl());
    database.run("ALTER TABLE outbox_events DROP COLUMN headers, DROP COLUMN aggregate_id");

    String refusal = refusal(readable(sandbox, database));

    assertTrue(refusal.contains("lacks column 'headers': add it"), refusal);
    assertTrue(refusal.contains("lacks column 'aggregate_id': add it"), refusal);
  }

  @Test
  void namesDeniedAccess(Sandbox sandbox) throws SQLException {
    Database database = sandbox.database("denied");
    database.run(OutboxTable.ddl());

    String refusal = refusal(source(sandbox, database.name(), database.user(), "wrong"));

    assertTrue(refusal.contains("Access denied"), refusal);
    assertTrue(refusal.contains("correct user name and password"), refusal);
  }

  @Test
  void aServerThatIsAwayIsWorthAnotherTry(Sandbox sandbox) {
    ShardSource away =
        new ShardSource(
            ShardId.of("shard-1"),
            "127.0.0.1",
            1,
            "x",
            new Login("x", new Secret("x")),
            1,
            TlsMode.DISABLED);

    assertThrows(TransientException.class, () -> ShardCheck.run(away));
  }

  @Test
  void aCertificateThatIsNotTrustedIsRefused(Sandbox sandbox) throws SQLException {
    Database database = sandbox.database("tls");
    database.run(OutboxTable.ddl());
    ShardSource open = readable(sandbox, database);
    ShardSource verified =
        new ShardSource(
            open.id(),
            open.host(),
            open.port(),
            open.database(),
            open.login(),
            open.serverId(),
            TlsMode.VERIFY_IDENTITY);

    assertThrows(TransientException.class, () -> ShardCheck.run(verified));
  }

  @Test
  void aPositionTheServerDoesNotKnowIsRefused(Sandbox sandbox) throws SQLException {
    Database database = sandbox.database("ahead");
    database.run(OutboxTable.ddl());
    RelayPosition foreign =
        RelayPosition.first(
            Map.of(RelayPosition.GTID_SET, "11111111-2222-3333-4444-555555555555:1-7"));

    String refusal =
        String.valueOf(
            assertThrows(
                    OperatorNeededException.class,
                    () -> PositionCheck.run(readable(sandbox, database), foreign))
                .getMessage());

    assertTrue(refusal.contains("ahead of its server"), refusal);
    assertTrue(refusal.contains("11111111-2222-3333-4444-555555555555:1-7"), refusal);
  }
}
