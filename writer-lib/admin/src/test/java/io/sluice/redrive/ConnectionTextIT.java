package io.sluice.redrive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.mysql.cj.jdbc.MysqlDataSource;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.repository.OutboxRepository;
import io.sluice.repository.RepositoryException;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections whose settings change text on its way to the server or back. */
@SandboxTest
class ConnectionTextIT {

  private static final String HEAD = "0199a3a2-7a11-7c7e-9d3b-0d5c5bb0c001";
  private static final String FOLLOWER = "0199a3a2-7a11-7c7e-9d3b-0d5c5bb0c002";

  private final Database database;
  private final OutboxRows rows;

  ConnectionTextIT(Sandbox sandbox) throws SQLException {
    database = sandbox.database("shard");
    rows = OutboxRows.in(database).failed(HEAD, "Łuk").pending(FOLLOWER, "Łuk");
  }

  /** With properties of the URL, or with a statement like that of a pool for new connections. */
  private ShardDataSources shards(String setting) {
    boolean isStatement = setting.startsWith("SET ");
    MysqlDataSource source = isStatement ? new Prepared(setting) : new MysqlDataSource();
    String url = database.jdbcUrl();
    source.setUrl(isStatement ? url : url + (url.contains("?") ? "&" : "?") + setting);
    source.setUser(database.user());
    source.setPassword(database.password());
    return ShardDataSources.of(Map.of(ShardId.GLOBAL, source));
  }

  private static final class Prepared extends MysqlDataSource {

    private static final long serialVersionUID = 1;

    private final String statement;

    Prepared(String statement) {
      this.statement = statement;
    }

    @Override
    public Connection getConnection() throws SQLException {
      Connection connection = super.getConnection();
      try (Statement session = connection.createStatement()) {
        session.execute(statement);
      }
      return connection;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "characterEncoding=ISO-8859-1",
        "characterEncoding=US-ASCII",
        "connectionCollation=latin1_swedish_ci",
        "characterSetResults=latin1",
        "SET NAMES latin1",
        "SET NAMES utf8mb3",
        "SET character_set_results = latin1",
        "SET character_set_connection = ascii",
        "SET sql_mode = 'NO_BACKSLASH_ESCAPES'"
      })
  void aConnectionThatChangesTextIsRefused(String url) throws SQLException {
    Redrive redrive = new Redrive(shards(url));
    RedriveReport report = redrive.redrive(FailedEvents.where().aggregate("order", "Łuk").build());
    String refusal = report.failures().values().toString();
    assertTrue(refusal.contains("the connection changes text"), refusal);
    assertTrue(refusal.contains("use a data source without it"), refusal);

    OutboxRepository repository = new OutboxRepository(shards(url));
    assertThrows(RepositoryException.class, () -> repository.failed(ShardId.GLOBAL, 10));
    assertEquals(List.of(HEAD + " FAILED 3", FOLLOWER + " PENDING 3"), rows.states());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "characterEncoding=UTF-8",
        "useServerPrepStmts=true&cachePrepStmts=true",
        "connectionCollation=utf8mb4_turkish_ci",
        "sessionVariables=sql_mode=''",
        "sessionVariables=sql_mode='ANSI'",
        "sessionVariables=sql_mode='ANSI_QUOTES,NO_BACKSLASH_ESCAPES'",
        "sessionVariables=sql_mode='PAD_CHAR_TO_FULL_LENGTH',sql_safe_updates=1",
        "connectionTimeZone=GMT%2B05:45&forceConnectionTimeZoneToSession=true",
        "sendFractionalSeconds=false",
        "useAffectedRows=true&useLocalSessionState=true&useLocalTransactionState=true",
        "useCursorFetch=true&defaultFetchSize=1",
        "useOldAliasMetadataBehavior=true&rewriteBatchedStatements=true"
      })
  void otherSettingsMakeNoDifference(String url) throws SQLException {
    rows.run("UPDATE outbox_events SET updated_at = UTC_TIMESTAMP(6)");
    RedriveReport report =
        new Redrive(shards(url)).redrive(FailedEvents.where().aggregate("order", "Łuk").build());

    assertEquals(Map.of(), report.failures());
    assertEquals(List.of(HEAD + " PENDING 0 1", FOLLOWER + " PENDING 0 1"), rows.states());
    assertEquals(List.of(), new OutboxRepository(shards(url)).failed(ShardId.GLOBAL, 10));
  }
}
