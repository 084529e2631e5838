package io.sluice.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the settings of the caller's driver and session must not change. */
@SandboxTest
class SessionSettingsIT {

  private static final String TEXT = "Łuk-😀 é 한 \\ \\\" ' \" \n \u0000 \u001a % ¥ ? {d} -- /* ;";
  private static final String JSON = "{\"name\": \"Łuk-😀 é 한 \\\\ \\\" ' \\n \\u0000 % ¥ ?\"}";

  private final OutboxWriter writer = new OutboxWriter();
  private final WriterTable table;

  SessionSettingsIT(Sandbox sandbox) throws SQLException {
    table = WriterTable.in(sandbox.database("shard"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          characterEncoding=UTF-8                                              | DO 0
          characterEncoding=ISO-8859-1                                         | DO 0
          characterEncoding=US-ASCII                                           | DO 0
          characterEncoding=Shift_JIS                                          | DO 0
          characterEncoding=GBK                                                | DO 0
          connectionCollation=latin1_swedish_ci                                | DO 0
          connectionCollation=latin1_swedish_ci&useServerPrepStmts=true        | DO 0
          characterEncoding=ISO-8859-1&useServerPrepStmts=true                 | DO 0
          characterSetResults=latin1                                           | DO 0
          rewriteBatchedStatements=true                                        | DO 0
          useServerPrepStmts=true&rewriteBatchedStatements=true                | DO 0
          useServerPrepStmts=true&cachePrepStmts=true                          | SET NAMES latin1
          useServerPrepStmts=true                                              | SET character_set_connection = latin1
          jdbcCompliantTruncation=false                                        | SET NAMES utf8mb3, sql_mode = ''
          jdbcCompliantTruncation=false                                        | SET NAMES latin1, sql_mode = ''
          useInformationSchema=true                                            | SET NAMES gbk
          useInformationSchema=true                                            | SET character_set_connection = ascii
          useInformationSchema=true                                            | SET collation_connection = utf16_general_ci
          useServerPrepStmts=true                                              | SET collation_connection = utf16_general_ci
          useInformationSchema=true                                            | SET sql_mode = ''
          useInformationSchema=true                                            | SET sql_mode = 'ANSI_QUOTES'
          useInformationSchema=true                                            | SET sql_mode = 'ANSI,PAD_CHAR_TO_FULL_LENGTH'
          useInformationSchema=true                                            | SET sql_mode = 'NO_BACKSLASH_ESCAPES'
          sessionVariables=sql_mode='NO_BACKSLASH_ESCAPES'                     | DO 0
          useServerPrepStmts=true                                              | SET sql_mode = 'NO_BACKSLASH_ESCAPES'
          characterEncoding=windows-1252                                       | SET sql_mode = 'NO_BACKSLASH_ESCAPES'
          characterEncoding=Big5&useServerPrepStmts=true                       | DO 0
          allowMultiQueries=true                                               | SET character_set_client = gbk
          useCursorFetch=true&defaultFetchSize=1                               | SET NAMES latin1
          useLocalSessionState=true&useLocalTransactionState=true              | DO 0
          """)
  void everyCharacterIsStored(String url, String session) throws SQLException {
    OutboxEvent text =
        OutboxEvent.builder(EventDomain.CHAT, TEXT)
            .aggregate("t" + TEXT, "i" + TEXT)
            .payload(TEXT)
            .header("name", TEXT)
            .build();
    append(url, session, text);
    assertEquals(
        hex(TEXT) + " " + hex("t" + TEXT) + " " + hex("i" + TEXT) + " " + hex(TEXT),
        stored("HEX(event_type), HEX(aggregate_type), HEX(aggregate_id), HEX(event_data)"));
    assertEquals(hex(TEXT), stored("HEX(CONVERT(headers->>'$.name' USING utf8mb4))"));

    OutboxEvent json = WriterTable.event().json(JSON).build();
    column("JSON", url, session, json);
    assertEquals(hex(JSON), stored("HEX(CONVERT(event_data USING utf8mb4))"));
    column("LONGBLOB", url, session, json);
    assertEquals(hex(JSON), stored("HEX(event_data)"));
    byte[] bytes = {0, -1, '\\', '\'', '"', 0x1a, '\n', -128, 7};
    column("LONGBLOB", url, session, WriterTable.event().payload(bytes).build());
    assertEquals(HexFormat.of().withUpperCase().formatHex(bytes), stored("HEX(event_data)"));
  }

  private void column(String type, String url, String session, OutboxEvent event)
      throws SQLException {
    table
        .database()
        .run("DELETE FROM outbox_events; ALTER TABLE outbox_events MODIFY event_data " + type);
    append(url, session, event);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "connectionTimeZone=GMT-05:00&forceConnectionTimeZoneToSession=true",
        "connectionTimeZone=Asia/Kathmandu&preserveInstants=true&useServerPrepStmts=true",
        "connectionTimeZone=LOCAL&sessionVariables=time_zone='%2B14:00'",
        "sessionVariables=time_zone='-12:00'&useServerPrepStmts=true",
        "sendFractionalSeconds=false",
        "sendFractionalSeconds=false&useServerPrepStmts=true"
      })
  void timesAreStoredInUtc(String url) throws SQLException {
    append(
        url,
        "DO 0",
        WriterTable.event()
            .json("{}")
            .createdAt(Instant.parse("2026-03-29T01:30:00.123456Z"))
            .build());

    assertEquals(
        "2026-03-29 01:30:00.123456 2026-03-29 01:30:00.123456",
        stored("CAST(created_at AS CHAR), CAST(updated_at AS CHAR)"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"event_data TEXT", "headers VARCHAR(20)", "event_type VARCHAR(5)"})
  void aValueThatTheServerWouldCutIsRefused(String column) throws SQLException {
    table.database().run("ALTER TABLE outbox_events MODIFY " + column);
    OutboxEvent event =
        WriterTable.event().payload("x".repeat(70_000)).header("name", "x".repeat(20)).build();

    EventInsertException refused =
        assertThrows(
            EventInsertException.class,
            () -> append("jdbcCompliantTruncation=false", "SET sql_mode = ''", event));

    assertTrue(String.valueOf(refused.getMessage()).contains("it refuses a value"));
  }

  /** 4 MiB is the default of older servers. */
  @Test
  void aBatchIsSmallerThanASmallPacket() throws SQLException {
    OutboxEvent[] events =
        Stream.generate(() -> WriterTable.event().payload("x".repeat(20_000)).build())
            .limit(300)
            .toArray(OutboxEvent[]::new);

    append("maxAllowedPacket=4194304", "DO 0", events);

    assertEquals("300", table.query("COUNT(*)"));
  }

  private void append(String url, String session, OutboxEvent... events) throws SQLException {
    Properties account = new Properties();
    account.setProperty("user", table.database().user());
    account.setProperty("password", table.database().password());
    String base = table.database().jdbcUrl();
    String separator = base.contains("?") ? "&" : "?";
    try (Connection connection = DriverManager.getConnection(base + separator + url, account);
        Statement statement = connection.createStatement()) {
      statement.execute(session);
      connection.setAutoCommit(false);
      writer.append(connection, events);
      connection.commit();
    }
  }

  private String stored(String columns) throws SQLException {
    return table.query("CONCAT_WS(' ', " + columns + ")");
  }

  private static String hex(String text) {
    return HexFormat.of().withUpperCase().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }
}
