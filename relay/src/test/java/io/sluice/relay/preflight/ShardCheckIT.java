package io.sluice.relay.preflight;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.ShardId;
import io.sluice.relay.binlog.EngineRehearsal;
import io.sluice.relay.publish.DeliveryGuarantee;
import io.sluice.relay.recovery.PositionCheck;
import io.sluice.relay.recovery.PositionState;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.Secret;
import io.sluice.relay.shard.ShardServer;
import io.sluice.relay.shard.ShardServer.Login;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.shard.TableLayout;
import io.sluice.relay.shard.TlsMode;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.Position;
import io.sluice.sandbox.junit.Account;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SandboxTest
class ShardCheckIT {

  private static ShardSource source(
      Sandbox sandbox, String database, String user, String password) {
    return source(
        new ShardServer(
            sandbox.mysql().host(),
            sandbox.mysql().port(),
            new Login(user, new Secret(password)),
            1,
            TlsMode.DISABLED),
        database);
  }

  private static ShardSource source(ShardServer server, String database) {
    return ShardSource.of(
        server, new ShardTable(ShardId.of("shard-1"), database, TableLayout.STANDARD));
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
        assertThrows(
                OperatorNeededException.class,
                () -> ShardCheck.run(source, DeliveryGuarantee.EXACTLY_ONCE))
            .getMessage());
  }

  @Test
  void acceptsTheShippedTable(Sandbox sandbox) throws SQLException {
    Database database = sandbox.database("correct");
    database.run(OutboxTable.ddl());

    assertDoesNotThrow(
        () -> ShardCheck.run(readable(sandbox, database), DeliveryGuarantee.EXACTLY_ONCE));
  }

  @Test
  void namesAMissingTable(Sandbox sandbox) {
    String refusal = refusal(readable(sandbox, sandbox.database("empty")));

    assertTrue(refusal.contains("outbox_events does not exist"), refusal);
  }

  @Test
  void namesEveryMissingColumn(Sandbox sandbox) throws SQLException {
    Database database = sandbox.database("incomplete");
    database.run(OutboxTable.ddl());
    database.run("ALTER TABLE outbox_events DROP COLUMN headers, DROP COLUMN aggregate_id");

    String refusal = refusal(readable(sandbox, database));

    assertTrue(refusal.contains("outbox_events lacks column 'headers': add it"), refusal);
    assertTrue(refusal.contains("outbox_events lacks column 'aggregate_id': add it"), refusal);
  }

  @Test
  void namesAMissingIndex(Sandbox sandbox) throws SQLException {
    Database database = sandbox.database("no_index");
    database.run(OutboxTable.ddl());
    database.run("DROP INDEX outbox_events_status ON outbox_events");

    String refusal = refusal(readable(sandbox, database));

    assertTrue(
        refusal.contains("no index that begins with (status, published_at)")
            && refusal.contains("CREATE INDEX outbox_events_status ON"),
        refusal);
  }

  @Test
  void namesAnIndexThatOthersDoNotFind(Sandbox sandbox) throws SQLException {
    Database database = sandbox.database("renamed_index");
    database.run(OutboxTable.ddl());
    database.run("ALTER TABLE outbox_events RENAME INDEX outbox_events_status TO by_status");
    ShardSource source = readable(sandbox, database);

    Finding finding = warning(source, "named 'by_status'");
    database.run(finding.remedy());

    assertEquals(List.of(), errorsAndWarnings(source, "by_status"));
  }

  /** What a finding says to run is run, so one round of the doctor is enough. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void grantsAllMissingPrivilegesAtOnce(boolean hasTable, Sandbox sandbox) throws SQLException {
    Database database = sandbox.database("grants_" + hasTable);
    Account account = sandbox.account("nobody_" + hasTable);
    ShardSource source = source(sandbox, database.name(), account.user(), account.password());
    if (hasTable) {
      database.run(OutboxTable.ddl());
    }

    List<Finding> findings = ShardCheck.findings(source, DeliveryGuarantee.EXACTLY_ONCE);
    Finding finding =
        findings.stream().filter(one -> one.problem().contains("privileges")).findAny().get();
    assertTrue(finding.problem().contains("REPLICATION SLAVE"), finding.problem());
    assertTrue(finding.problem().contains("REPLICATION CLIENT"), finding.problem());
    assertTrue(finding.problem().contains("SELECT on " + database.name()), finding.problem());
    assertTrue(
        finding.remedy().contains("; if " + database.name() + ".outbox_events does not exist"),
        finding.remedy());
    if (!hasTable) {
      database.run(OutboxTable.ddl());
    }
    try (Connection admin = sandbox.mysql().connect();
        Statement statement = admin.createStatement()) {
      for (String part : finding.remedy().split("; ", -1)) {
        if (part.startsWith("GRANT")) {
          statement.execute(part);
        }
      }
    }

    assertEquals(List.of(), ShardCheck.findings(source, DeliveryGuarantee.EXACTLY_ONCE));
    assertDoesNotThrow(() -> EngineRehearsal.atEnd(source));
  }

  @Test
  void aNameInAnotherCaseIsNamed(Sandbox sandbox) throws SQLException {
    Database database = sandbox.database("cased");
    database.run(OutboxTable.ddl());
    ShardSource right = readable(sandbox, database);
    String wrong = database.name().toUpperCase(Locale.ROOT);

    String refusal = refusal(source(right.server(), wrong));

    assertTrue(refusal.contains("if you mean " + database.name() + ".outbox_events"), refusal);
  }

  @Test
  void anEngineThatCannotReadTheBinlogIsFoundInAdvance(Sandbox sandbox) throws SQLException {
    Database database = sandbox.database("rehearsal");
    Account account = sandbox.account("client", "REPLICATION CLIENT ON *.*");
    ShardSource source = source(sandbox, database.name(), account.user(), account.password());

    OperatorNeededException refusal =
        assertThrows(OperatorNeededException.class, () -> EngineRehearsal.atEnd(source));

    assertTrue(refusal.problem().contains("REPLICATION SLAVE"), refusal.problem());
  }

  private static Finding warning(ShardSource source, String part) {
    return errorsAndWarnings(source, part).get(0);
  }

  private static List<Finding> errorsAndWarnings(ShardSource source, String part) {
    return ShardCheck.findings(source, DeliveryGuarantee.EXACTLY_ONCE).stream()
        .filter(finding -> finding.problem().contains(part))
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id             | BINARY(16) NOT NULL    | binary(16)   | CHAR(36)",
        "id             | LONGTEXT, DROP PRIMARY KEY | longtext(4294967295) | CHAR(36)",
        "domain         | INT NOT NULL           | int          | VARCHAR(255)",
        "event_type     | VARBINARY(20) NOT NULL | varbinary(20) | VARCHAR(255)",
        "aggregate_type | JSON NOT NULL          | json         | VARCHAR(255)",
        "aggregate_id   | BIGINT NOT NULL        | bigint       | VARCHAR(255)",
        "event_data     | INT NOT NULL           | int          | LONGTEXT, JSON or LONGBLOB",
        "headers        | LONGBLOB               | longblob(4294967295) | JSON or LONGTEXT",
        "max_retries    | VARCHAR(9) NOT NULL    | varchar(9)   | INT",
        "created_at     | BIGINT NOT NULL        | bigint       | DATETIME(6) or TIMESTAMP(6)",
        "updated_at     | BIGINT NOT NULL        | bigint       | DATETIME(6) or TIMESTAMP(6)",
        "retry_count    | VARCHAR(9) NOT NULL    | varchar(9)   | INT"
      })
  void namesAColumnThatCannotBeRead(
      String column, String type, String present, String expected, Sandbox sandbox)
      throws SQLException {
    Database database = sandbox.database("type_" + column);
    database.run(OutboxTable.ddl());
    database.run("ALTER TABLE outbox_events MODIFY %s %s".formatted(column, type));

    String refusal = refusal(readable(sandbox, database));

    assertTrue(
        refusal.contains(
            "column '%s' of table %s.outbox_events is of type %s"
                .formatted(column, database.name(), present)),
        refusal);
    assertTrue(refusal.contains("make it " + expected), refusal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "status     | VARCHAR(8) NOT NULL DEFAULT 'PENDING' | is of type varchar(8)",
        "status     | ENUM('PENDING', 'RETRY', 'PUBLISHED') | is of type enum(",
        "last_error | VARCHAR(60)                           | is of type varchar(60)",
        "last_error | TINYTEXT                              | is of type tinytext"
      })
  void namesAColumnThatCannotHoldWhatIsWritten(
      String column, String type, String present, Sandbox sandbox) throws SQLException {
    Database database = sandbox.database("written");
    database.run(OutboxTable.ddl());
    database.run("ALTER TABLE outbox_events MODIFY %s %s".formatted(column, type));
    ShardSource source = readable(sandbox, database);

    Finding finding = warning(source, "column '%s'".formatted(column));
    assertTrue(finding.problem().contains(present), finding.problem());
    database.run(finding.remedy());

    assertEquals(List.of(), errorsAndWarnings(source, column));
  }

  @Test
  void acceptsOtherTypesThatCanHoldWhatIsWritten(Sandbox sandbox) throws SQLException {
    Database database = sandbox.database("otherwritten");
    database.run(OutboxTable.ddl());
    database.run(
        """
        ALTER TABLE outbox_events MODIFY last_error TEXT,
          MODIFY status ENUM('PENDING', 'RETRY', 'FAILED', 'PUBLISHED', 'OTHER') NOT NULL\
        """);

    assertDoesNotThrow(
        () -> ShardCheck.run(readable(sandbox, database), DeliveryGuarantee.EXACTLY_ONCE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"utf8mb3", "utf16", "latin1", "ascii", "cp1251"})
  void acceptsOtherCharacterSets(String charset, Sandbox sandbox) throws SQLException {
    Database database = sandbox.database("accepted_" + charset);
    database.run(OutboxTable.ddl());
    database.run(
        "ALTER TABLE outbox_events MODIFY event_data LONGTEXT CHARACTER SET %s NOT NULL"
            .formatted(charset));

    assertDoesNotThrow(
        () -> ShardCheck.run(readable(sandbox, database), DeliveryGuarantee.EXACTLY_ONCE));
  }

  /** The connector takes these character sets for others. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "armscii8",
        "geostd8",
        "hp8",
        "keybcs2",
        "swe7",
        "hebrew",
        "eucjpms",
        "koi8u",
        "euckr",
        "sjis",
        "cp866"
      })
  void namesAColumnWhoseTextIsDecodedWrongly(String charset, Sandbox sandbox) throws SQLException {
    Database database = sandbox.database("charset_" + charset);
    database.run(OutboxTable.ddl());
    database.run(
        """
        ALTER TABLE outbox_events MODIFY event_data LONGTEXT CHARACTER SET %1$s NOT NULL,
          MODIFY headers TEXT CHARACTER SET %1$s NULL,
          MODIFY domain ENUM('CHAT') CHARACTER SET %1$s NOT NULL\
        """
            .formatted(charset));
    ShardSource source = readable(sandbox, database);

    List<Finding> findings = errorsAndWarnings(source, "character set " + charset);
    assertEquals(3, findings.size(), findings.toString());
    for (Finding finding : findings) {
      database.run(finding.remedy());
    }

    assertEquals(List.of(), errorsAndWarnings(source, "character set"));
  }

  @Test
  void acceptsOtherTypesThatCanBeRead(Sandbox sandbox) throws SQLException {
    Database database = sandbox.database("othertypes");
    database.run(OutboxTable.ddl());
    database.run(
        """
        ALTER TABLE outbox_events MODIFY id VARCHAR(64) NOT NULL,
          MODIFY domain ENUM('CHAT', 'MARKET') NOT NULL, MODIFY event_type TINYTEXT NOT NULL,
          MODIFY aggregate_type CHAR(20) NOT NULL, MODIFY aggregate_id TEXT NOT NULL,
          MODIFY event_data MEDIUMBLOB NOT NULL, MODIFY headers TEXT NULL,
          MODIFY max_retries SMALLINT UNSIGNED NOT NULL DEFAULT 3,
          MODIFY created_at TIMESTAMP(3) NOT NULL\
        """);

    assertDoesNotThrow(
        () -> ShardCheck.run(readable(sandbox, database), DeliveryGuarantee.EXACTLY_ONCE));
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
  void anUnreachableServerIsATransientFailure(Sandbox sandbox) {
    ShardSource away =
        source(
            new ShardServer("127.0.0.1", 1, new Login("x", new Secret("x")), 1, TlsMode.DISABLED),
            "x");

    assertThrows(
        TransientException.class, () -> ShardCheck.run(away, DeliveryGuarantee.EXACTLY_ONCE));
  }

  @Test
  void aCertificateThatIsNotTrustedIsRefused(Sandbox sandbox) throws SQLException {
    Database database = sandbox.database("tls");
    database.run(OutboxTable.ddl());
    ShardServer open = readable(sandbox, database).server();
    ShardSource verified =
        source(
            new ShardServer(
                open.host(), open.port(), open.login(), open.serverId(), TlsMode.VERIFY_IDENTITY),
            database.name());

    assertThrows(
        TransientException.class, () -> ShardCheck.run(verified, DeliveryGuarantee.EXACTLY_ONCE));
  }

  @Test
  void detectsAPositionThatTheServerDoesNotKnow(Sandbox sandbox) throws SQLException {
    Database database = sandbox.database("ahead");
    database.run(OutboxTable.ddl());
    Position foreign =
        Position.first(
            Position.offsetAt("b.1", 4, "11111111-2222-3333-4444-555555555555:1-7"), "h");

    PositionState.Lost ahead =
        assertInstanceOf(
            PositionState.Lost.class, PositionCheck.of(readable(sandbox, database), foreign));

    assertTrue(ahead.problem().contains("ahead of its server"), ahead.problem());
    assertTrue(
        ahead.problem().contains("11111111-2222-3333-4444-555555555555:1-7"), ahead.problem());
  }
}
