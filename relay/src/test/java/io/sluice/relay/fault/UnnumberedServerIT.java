package io.sluice.relay.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.ShardId;
import io.sluice.relay.ConfigVariants;
import io.sluice.relay.Relay;
import io.sluice.relay.RelayFixture;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.config.RelayConfig.Publishing;
import io.sluice.relay.mysql.ServerIdentity;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.preflight.ShardCheck;
import io.sluice.relay.publish.DeliveryGuarantee;
import io.sluice.relay.recovery.PositionCheck;
import io.sluice.relay.recovery.PositionState;
import io.sluice.relay.recovery.RecoverySettings;
import io.sluice.relay.recovery.RecoverySettings.Approval;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.shard.TableLayout;
import io.sluice.relay.state.Position;
import io.sluice.relay.state.PositionReader;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.sandbox.server.MySqlServer;
import io.sluice.sandbox.server.SandboxServers;
import io.sluice.sandbox.server.api.MySqlSettings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server without GTIDs that had GTIDs before. */
@Tag("fault")
@SandboxTest
class UnnumberedServerIT {

  private static final Duration BOUND = Duration.ofMinutes(2);
  private static final ShardId SHARD = ShardId.of("s0");

  /** The server's GTID mode can be changed only step by step. */
  private static final List<String> MODES = List.of("OFF", "OFF_PERMISSIVE", "ON_PERMISSIVE", "ON");

  private static MySqlServer mysql;

  @BeforeAll
  static void startServer() {
    mysql = MySqlServer.start(MySqlSettings.withArguments("--binlog-ignore-db=unlogged"));
  }

  @AfterAll
  static void stopServer() {
    mysql.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"OFF", "OFF_PERMISSIVE", "ON_PERMISSIVE"})
  void isRecognizedAsAServerWithoutGtids(String mode) throws Exception {
    setMode(mode);

    try (Connection connection = mysql.connect()) {
      assertFalse(ServerIdentity.isNumbering(connection));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"OFF", "ON_PERMISSIVE"})
  void isReadByFileOffset(String mode, Sandbox shared) throws Exception {
    RelayFixture fixture = fixture(shared, mode.toLowerCase(Locale.ROOT), mode);
    Committed committed = new Committed();
    NumberedEvents events = new NumberedEvents(fixture, 0, "place", committed);

    try (TopicAudit audit = TopicAudit.open(fixture)) {
      relayAndStop(fixture, events, committed, audit);
      mysql.binaryLog().rotate();
      events.commit(10);
      relayAndStop(fixture, events, committed, audit);
    }
    Position position = position(fixture);
    assertEquals(Optional.empty(), position.gtidSet());
    assertEquals(Optional.of(global("server_uuid")), position.server());
  }

  @Test
  void afterABinlogResetMissedRowsArePublishedFromTheTable(Sandbox shared) throws Exception {
    RelayFixture fixture = fixture(shared, "reset", "OFF");
    Committed committed = new Committed();
    NumberedEvents events = new NumberedEvents(fixture, 0, "reset", committed);

    try (TopicAudit audit = TopicAudit.open(fixture)) {
      // So that the position is in a file of the name that the next reset gives the new one.
      mysqlRun("RESET BINARY LOGS AND GTIDS");
      relayAndStop(fixture, events, committed, audit);
      events.commit(20);
      mysqlRun("RESET BINARY LOGS AND GTIDS");
      try (Relay relay = RelayFixture.relay(config(fixture))) {
        relay.start();
        audit.await(committed, BOUND);
        assertEquals(1, relay.statistics().of(SHARD).count(Counter.HEALINGS));
        events.commit(5);
        audit.await(committed, BOUND);
      }
    }
  }

  @Test
  void anOffsetBehindTheEndOfItsFileIsAheadOfTheServer(Sandbox shared) throws Exception {
    RelayFixture fixture = fixture(shared, "behindend", "OFF");
    Position good = position(fixture);

    assertInstanceOf(PositionState.Usable.class, state(fixture, good));
    PositionState.Lost ahead =
        assertInstanceOf(PositionState.Lost.class, state(fixture, moved(good, Integer.MAX_VALUE)));
    assertTrue(ahead.problem().contains("its binary log was reset"), ahead.problem());
  }

  @Test
  void anOffsetInsideAnEventIsAheadOfTheServer(Sandbox shared) throws Exception {
    RelayFixture fixture = fixture(shared, "noevent", "OFF");
    Position good = position(fixture);
    fixture.write(0, RelayFixture.chat("r", "{}"));

    assertInstanceOf(PositionState.Usable.class, state(fixture, good));
    for (int bytes = 1; bytes < 40; bytes++) {
      String problem = state(fixture, moved(good, bytes)).problem();
      assertTrue(problem.contains("no event starts"), "by " + bytes + ": " + problem);
    }
  }

  @Test
  void aMissingFileWasPurged(Sandbox shared) throws Exception {
    RelayFixture fixture = fixture(shared, "gonefile", "OFF");
    Position good = position(fixture);
    mysql.binaryLog().rotate();
    mysql.binaryLog().purge();

    PositionState.Lost lost = assertInstanceOf(PositionState.Lost.class, state(fixture, good));
    assertTrue(lost.problem().contains("no longer has the binary log file"), lost.problem());
  }

  @Test
  void aFileOfAnotherServerWithTheSameNameIsNotUsed(Sandbox shared) throws Exception {
    RelayFixture fixture = fixture(shared, "otherserver", "OFF");
    Position foreign = position(fixture).on("11111111-2222-3333-4444-555555555555");

    PositionState.Lost lost = assertInstanceOf(PositionState.Lost.class, state(fixture, foreign));
    assertTrue(lost.problem().contains("11111111-2222-3333-4444-555555555555"), lost.problem());
    assertTrue(lost.problem().contains(global("server_uuid")), lost.problem());
  }

  @Test
  void aPlaceSaysNothingOnceTransactionsAreNumbered(Sandbox shared) throws Exception {
    RelayFixture fixture = fixture(shared, "numbered", "OFF");
    Position unnumbered = position(fixture);
    setMode("ON");

    PositionState.Lost lost =
        assertInstanceOf(PositionState.Lost.class, state(fixture, unnumbered));
    assertTrue(lost.problem().contains("before"), lost.problem());
  }

  @Test
  void aDatabaseThatIsNotLoggedIsRefused(Sandbox shared) throws Exception {
    RelayFixture fixture = fixture(shared, "filtered", "OFF");
    mysqlRun("CREATE DATABASE IF NOT EXISTS unlogged");
    ShardSource unlogged =
        ShardSource.of(
            fixture.source(0).server(), new ShardTable(SHARD, "unlogged", TableLayout.STANDARD));
    mysqlRun("GRANT SELECT ON unlogged.* TO '%s'".formatted(unlogged.server().login().username()));

    OperatorNeededException refused =
        assertThrows(
            OperatorNeededException.class,
            () -> ShardCheck.run(unlogged, DeliveryGuarantee.AT_LEAST_ONCE));
    assertTrue(
        String.valueOf(refused.getMessage())
            .contains("the server does not log unlogged (binlog-ignore-db)"),
        refused.getMessage());
  }

  /** Created while the server has GTIDs, so that its binlog contains some. */
  private static RelayFixture fixture(Sandbox shared, String name, String mode)
      throws SQLException {
    setMode("ON");
    Sandbox own = Sandbox.on(new SandboxServers(mysql, shared.kafka()), name);
    RelayFixture fixture = new RelayFixture(own, name, 1);
    assertTrue(!global("gtid_executed").isEmpty(), "a server with numbered transactions");
    setMode(mode);
    RelayFixture.provision(config(fixture));
    return fixture;
  }

  private static RelayConfig config(RelayFixture fixture) {
    RelayConfig exact =
        ConfigVariants.with(
            fixture.config(), new RecoverySettings(Approval.AUTOMATIC, Duration.ofMillis(100)));
    Publishing publishing =
        new Publishing(
            DeliveryGuarantee.AT_LEAST_ONCE,
            exact.publishing().topics(),
            exact.publishing().format(),
            exact.publishing().domains());
    return ConfigVariants.with(exact, publishing);
  }

  private static void relayAndStop(
      RelayFixture fixture, NumberedEvents events, Committed committed, TopicAudit audit)
      throws SQLException {
    try (Relay relay = RelayFixture.relay(config(fixture))) {
      relay.start();
      events.commit(10);
      audit.await(committed, BOUND);
    }
  }

  private static PositionState state(RelayFixture fixture, Position position) {
    return PositionCheck.of(fixture.source(0), position);
  }

  private static Position moved(Position position, long bytes) {
    return position.advancedTo(
        Position.offsetAt(position.file(), position.positionInFile() + bytes, ""),
        position.published());
  }

  private static Position position(RelayFixture fixture) {
    return PositionReader.read(
            fixture.config().kafka(), fixture.config().identity().topics().slot(SHARD, 0))
        .orElseThrow()
        .position();
  }

  private static void setMode(String target) throws SQLException {
    int present = MODES.indexOf(global("gtid_mode"));
    int wanted = MODES.indexOf(target);
    while (present != wanted) {
      present += Integer.signum(wanted - present);
      mysqlRun("SET GLOBAL gtid_mode = " + MODES.get(present));
    }
  }

  private static String global(String variable) throws SQLException {
    try (Connection connection = mysql.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT @@GLOBAL." + variable)) {
      row.next();
      return row.getString(1);
    }
  }

  private static void mysqlRun(String sql) throws SQLException {
    try (Connection connection = mysql.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
