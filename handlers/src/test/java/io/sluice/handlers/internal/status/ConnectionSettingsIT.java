package io.sluice.handlers.internal.status;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.internal.status.RowRequest.Confirmation;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxStatus;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The settings with which a pool may give its connections. */
@SandboxTest
class ConnectionSettingsIT {

  private final StatusStoreFixture fixture;

  ConnectionSettingsIT(Sandbox sandbox) throws SQLException {
    fixture = new StatusStoreFixture(sandbox);
  }

  @AfterEach
  void close() throws SQLException {
    fixture.close();
  }

  @TestFactory
  Stream<DynamicTest> rowsAreReadAndWrittenWithAnySettings() {
    return Stream.of(
            "sessionVariables=autocommit=0",
            "sessionVariables=autocommit=0&useLocalSessionState=true",
            "sessionVariables=transaction_isolation='SERIALIZABLE'",
            "sessionVariables=sql_select_limit=1",
            "sessionVariables=sql_mode='ANSI,TRADITIONAL,NO_BACKSLASH_ESCAPES,PAD_CHAR_TO_FULL_LENGTH'",
            "sessionVariables=sql_mode=''",
            "sessionVariables=time_zone='%2B13:00'",
            "sessionVariables=lock_wait_timeout=1",
            "sessionVariables=character_set_connection=binary",
            "sessionVariables=sql_safe_updates=1",
            "sessionVariables=sql_auto_is_null=1",
            "sessionVariables=max_join_size=10,sql_big_selects=0",
            "connectionTimeZone=%2B09:00&forceConnectionTimeZoneToSession=true",
            "useAffectedRows=true",
            "useServerPrepStmts=true&cachePrepStmts=true",
            "useCursorFetch=true&defaultFetchSize=1",
            "useCompression=true",
            "jdbcCompliantTruncation=false",
            "tinyInt1isBit=true&transformedBitIsBoolean=true&yearIsDateType=false",
            "sendFractionalSeconds=false")
        .map(
            settings ->
                DynamicTest.dynamicTest(settings, () -> rowsAreReadAndWrittenWith(settings)));
  }

  private void rowsAreReadAndWrittenWith(String settings) throws Exception {
    fixture.urlSuffix = "?" + settings;
    String parked = fixture.event("a");
    String failed = fixture.event("a");
    String published = fixture.event("b");
    List<String> payloads = new ArrayList<>();
    for (String id : List.of(parked, failed, published)) {
      fixture.store.ask(
          StatusStoreFixture.read(
              id,
              true,
              row -> payloads.add(new String(row.orElseThrow().payload().orElseThrow(), UTF_8))));
    }
    fixture.store.runOnce();
    assertEquals(List.of("{}", "{}", "{}"), payloads);

    Instant now = Instant.parse("2026-01-02T03:04:05.678901Z");
    fixture.publish(published);
    fixture.store.ask(
        new RowRequest.Write(
            failed,
            new RowUpdate(OutboxStatus.FAILED, before(failed), "O'Neill \\ \"x\" é", now),
            false,
            row -> {}));
    fixture.store.runOnce();
    List<Map<String, AggregateKey>> heads = new ArrayList<>();
    fixture.store.ask(new RowRequest.Park(parked, failed, answer -> {}));
    fixture.store.ask(new RowRequest.FailedHeads(EventDomain.CHAT, heads::add));
    fixture.store.runOnce();
    assertFalse(fixture.store.isAway());

    assertEquals(OutboxStatus.PUBLISHED, before(published).status());
    assertEquals("O'Neill \\ \"x\" é", fixture.lastError(failed));
    assertEquals(
        now.getEpochSecond(), before(failed).updatedAt().getEpochSecond(), "in any time zone");
    assertTrue(before(parked).parked().isPresent());
    assertEquals(Set.of(failed), heads.get(0).keySet());
    assertEquals(
        List.of(new Confirmation.Certain(Optional.empty())),
        fixture.confirmation("absent", 0, fixture.executed()));
    // An idle store returns its connection.
    fixture.store.runOnce();
    fixture.execute("DELETE FROM outbox_events");
  }

  private RowState before(String id) throws SQLException {
    return assertInstanceOf(FoundRow.Present.class, fixture.row(id)).row();
  }

  @Test
  void outcomesAreCommittedWhateverThePoolsInitialStatementHasSet() throws Exception {
    for (String settings : List.of("", "?useLocalSessionState=true")) {
      fixture.urlSuffix = settings;
      fixture.whenBorrowed =
          connection -> {
            try (Statement statement = connection.createStatement()) {
              statement.execute("SET autocommit = 0");
            }
          };
      String id = fixture.event("a");
      fixture.publishAndTurn(id);

      assertEquals(List.of(id), fixture.written);
      assertEquals(OutboxStatus.PUBLISHED, before(id).status());
      fixture.store.runOnce();
      fixture.written.clear();
    }
  }

  /** Otherwise handlers would be called whose outcome cannot be written. */
  @Test
  void noRowIsReadFromAReadOnlyConnection() throws Exception {
    fixture.whenBorrowed = connection -> connection.setReadOnly(true);
    String id = fixture.event("a");
    List<String> read = new ArrayList<>();
    fixture.store.ask(StatusStoreFixture.read(id, row -> read.add(id)));
    fixture.store.runOnce();

    assertEquals(List.of(), read);
    assertTrue(fixture.store.isAway());
  }
}
