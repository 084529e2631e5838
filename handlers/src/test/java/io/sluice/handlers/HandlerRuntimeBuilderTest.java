package io.sluice.handlers;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.api.EventHandler;
import io.sluice.handlers.api.InvalidSettingsException;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HandlerRuntimeBuilderTest {

  private static final EventHandler NOTHING = event -> {};

  private static HandlerRuntimeBuilder valid() {
    return HandlerRuntime.builder()
        .kafka(Map.of("bootstrap.servers", "127.0.0.1:1"))
        .shards(ShardDataSources.of(Map.of(ShardId.GLOBAL, new UnreachableDataSource())))
        .handler(EventDomain.CHAT, "message_sent", NOTHING);
  }

  private static List<String> problems(HandlerRuntimeBuilder builder) {
    return assertThrows(InvalidSettingsException.class, builder::build).problems();
  }

  private static String problem(HandlerRuntimeBuilder builder) {
    List<String> problems = problems(builder);
    assertEquals(1, problems.size(), problems::toString);
    return problems.get(0);
  }

  @Test
  void buildsWithDefaults() {
    assertDoesNotThrow(() -> valid().build());
  }

  @Test
  void reportsAllProblemsTogether() {
    List<String> problems =
        problems(
            HandlerRuntime.builder()
                .groupPrefix("bad prefix")
                .retryBackoff(Duration.ZERO, Duration.ofSeconds(-1))
                .threads(0)
                .closeTimeout(Duration.ZERO));

    assertEquals(8, problems.size(), problems::toString);
    assertTrue(problems.get(0).contains("'bootstrap.servers' is missing"));
    assertTrue(problems.get(1).contains("no shards"));
    assertTrue(problems.get(2).contains("no handler"));
    assertTrue(problems.get(3).contains("groupPrefix 'bad prefix'"));
    assertTrue(problems.get(4).contains("initial retryBackoff is PT0S"));
    assertTrue(problems.get(5).contains("max retryBackoff PT-1S is shorter than the initial PT0S"));
    assertTrue(problems.get(6).contains("threads is 0"));
    assertTrue(problems.get(7).contains("closeTimeout is PT0S"));
  }

  @Test
  void saysAllProblemsInTheMessage() {
    InvalidSettingsException thrown =
        assertThrows(
            InvalidSettingsException.class, () -> valid().threads(-1).groupPrefix("").build());

    String message = String.valueOf(thrown.getMessage());
    assertTrue(message.contains("2 problem(s)"), message);
    assertTrue(message.contains("threads is -1: it must be 1 or more"), message);
    assertTrue(message.contains("groupPrefix ''"), message);
  }

  @Test
  void refusesPropertiesItOwns() {
    List<String> problems =
        problems(
            valid()
                .kafka(
                    Map.of(
                        "bootstrap.servers", "127.0.0.1:1",
                        "enable.auto.commit", "true",
                        "isolation.level", "read_uncommitted",
                        "group.id", "mine",
                        "auto.offset.reset", "latest",
                        "value.deserializer", "x")));

    assertEquals(5, problems.size(), problems::toString);
    assertEquals(
        "kafka property 'auto.offset.reset' is set: the runtime sets it itself, to earliest;"
            + " remove it",
        problems.get(0));
    assertTrue(problems.get(1).contains("'enable.auto.commit'"));
    assertTrue(problems.get(2).contains("'isolation.level'"));
    assertTrue(problems.get(3).contains("'value.deserializer'"));
    assertTrue(problems.get(4).contains("'group.id'"));
    assertTrue(problems.get(4).contains("groupPrefix"));
  }

  @Test
  void reportsWhatTheKafkaClientRefuses() {
    String problem =
        problem(
            valid().kafka(Map.of("bootstrap.servers", "127.0.0.1:1", "fetch.min.bytes", "a few")));

    assertTrue(problem.contains("fetch.min.bytes"), problem);
  }

  @Test
  void refusesASecondHandlerOfTheSameType() {
    assertEquals(
        "two handlers are registered for 'message_sent' of domain CHAT: keep one",
        problem(valid().handler(EventDomain.CHAT, "message_sent", NOTHING)));
  }

  @Test
  void refusesEventTypesThatNoRowCanHold() {
    assertTrue(problem(valid().handler(EventDomain.CHAT, " ", NOTHING)).contains("not blank"));
    assertTrue(
        problem(valid().handler(EventDomain.CHAT, "x".repeat(256), NOTHING)).contains("255"));
  }

  @Test
  void tellsTheSameWhenBuiltTwice() {
    HandlerRuntimeBuilder builder = valid().handler(EventDomain.CHAT, "message_sent", NOTHING);

    assertEquals(problems(builder), problems(builder));
  }

  @Test
  void isStartedOnceAtMost() {
    HandlerRuntime runtime = valid().build();
    runtime.close();

    IllegalStateException refused = assertThrows(IllegalStateException.class, runtime::start);

    assertEquals(
        "this handler runtime is CLOSED already: build another one to start", refused.getMessage());
  }

  @Test
  void closesTwiceAndUnstarted() {
    HandlerRuntime runtime = valid().build();

    runtime.close();
    assertDoesNotThrow(runtime::close);
  }

  /** There is no database. */
  private static final class UnreachableDataSource extends TestDataSource {
    @Override
    public Connection getConnection() throws SQLException {
      throw new SQLException("not here", "08001");
    }
  }
}
