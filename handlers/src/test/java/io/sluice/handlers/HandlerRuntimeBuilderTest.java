package io.sluice.handlers;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.api.AfterFailure;
import io.sluice.handlers.api.EventHandler;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.Handler;
import io.sluice.handlers.api.InvalidSettingsException;
import io.sluice.handlers.api.TransactionalEventHandler;
import io.sluice.handlers.api.Unhandled;
import io.sluice.handlers.api.WhileWaiting;
import io.sluice.handlers.internal.dispatch.HandlerKey;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.outbox.TopicTemplate;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class HandlerRuntimeBuilderTest {

  private static final EventHandler NOTHING = event -> {};

  private static HandlerRuntimeBuilder valid() {
    return HandlerRuntime.builder()
        .kafka(Map.of("bootstrap.servers", "127.0.0.1:1"))
        .shards(ShardDataSources.of(Map.of(ShardId.GLOBAL, new UnreachableDataSource())))
        .unhandled(Unhandled.FAIL)
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
                .concurrency(0)
                .buffer(0, -1)
                .writeBack(0, Duration.ofMinutes(1))
                .closeTimeout(Duration.ZERO)
                .rowRetention(Duration.ofSeconds(-1)));

    assertEquals(
        List.of(
            "kafka property 'bootstrap.servers' is missing: give the brokers' addresses",
            "no shards are given: call shards(…) with their data sources",
            "no handler is registered: call handler(…) at least once",
            "no policy is given for events without a handler: call unhandled(…) or fallback(…)",
            "groupPrefix 'bad prefix' is not of the form [A-Za-z0-9._-]{1,180}: use a short name such"
                + " as 'sluice.handlers.'",
            "concurrency is 0: it must be 1 or more",
            "buffer events is 0: it must be 1 or more",
            "buffer bytes is -1: it must be 1 or more",
            "writeBack of 0 events: it must be from 1 to 5000",
            "writeBack linger is 60000 ms: it must be from 0 to 1000 ms",
            "closeTimeout is 0 ms: it must be longer than 0 ms",
            "rowRetention is -1 s: it must be from 0 s to 10000 days"),
        problems);
  }

  @Test
  void saysAllProblemsInTheMessage() {
    InvalidSettingsException thrown =
        assertThrows(
            InvalidSettingsException.class, () -> valid().concurrency(-1).groupPrefix("").build());

    String message = String.valueOf(thrown.getMessage());
    assertTrue(message.contains("2 problem(s)"), message);
    assertTrue(message.contains("concurrency is -1: it must be 1 or more"), message);
    assertTrue(message.contains("groupPrefix ''"), message);
  }

  @Test
  void wantsToKnowWhatBecomesOfTheUnhandledOnce() {
    assertEquals(
        "unhandled(FAIL) has no effect beside fallback(…): keep one",
        problem(valid().fallback(NOTHING)));
  }

  @Test
  void refusesToGiveUpTheOrderThatItIsToKeep() {
    assertEquals(
        "whileWaiting(PASS) gives the order up that afterFailure(PARK) keeps: leave one of them out",
        problem(valid().whileWaiting(WhileWaiting.PASS).afterFailure(AfterFailure.PARK)));
  }

  @Test
  void anObserverNeedsNoShards() {
    assertDoesNotThrow(() -> observer("analytics.").build());
  }

  private static HandlerRuntimeBuilder observer(String prefix) {
    return HandlerRuntime.builder()
        .kafka(Map.of("bootstrap.servers", "127.0.0.1:1"))
        .observer(prefix)
        .fallback(NOTHING)
        .handler(EventDomain.CHAT, "message_sent", NOTHING);
  }

  @Test
  void anObserverHasGroupsOfItsOwn() {
    assertEquals(
        "an observer's groups would be called 'sluice.handlers.…' like the owners', and take events"
            + " from them: give observer(…) another prefix",
        problem(observer(HandlerRuntimeBuilder.DEFAULT_GROUP_PREFIX)));
  }

  @Test
  void anObserverHasNoRows() {
    List<String> problems =
        problems(
            observer("analytics.")
                .afterFailure(AfterFailure.PARK)
                .transactionalHandler(EventDomain.CHAT, "room_*", (event, connection) -> {}));

    assertEquals(
        List.of(
            "the handler for 'room_*' of domain CHAT is transactional, and an observer has no rows:"
                + " use handler(…)",
            "afterFailure(PARK) needs rows, and an observer has none: leave it out"),
        problems);
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
  void refusesAnAsteriskBeforeTheEnd() {
    for (String types : List.of("*_created", "a*b", "a**")) {
      assertEquals(
          "a handler is registered for '%s' of domain CHAT: '*' stands for the rest of a type, so it"
                  .formatted(types)
              + " comes once and last",
          problem(valid().handler(EventDomain.CHAT, types, NOTHING)));
    }
  }

  @Test
  void refusesTopicsThatAreNotByDomain() {
    assertEquals(
        "by topics 'events.${domain}.${eventType}' a domain has several topics, and handlers read one:"
            + " use ${domain} alone",
        problem(valid().topics(new TopicTemplate("events.${domain}.${eventType}"))));
  }

  @Test
  void refusesPropertiesThatKafkaDoesNotKnow() {
    assertEquals(
        "kafka property 'max.pol.records' is not a property of Kafka's clients: correct its name",
        problem(valid().kafka(Map.of("bootstrap.servers", "127.0.0.1:1", "max.pol.records", 5))));
  }

  @Test
  void refusesToSendDeadLettersInTransactions() {
    String problem =
        problem(
            valid().kafka(Map.of("bootstrap.servers", "127.0.0.1:1", "transactional.id", "mine")));

    assertTrue(problem.contains("'transactional.id'"), problem);
  }

  /** Implements two handler types, as during a migration from one to the other. */
  private static final class OfTwoKinds implements EventHandler, TransactionalEventHandler {
    @Override
    public void handle(HandledEvent event) {}

    @Override
    public void handle(HandledEvent event, Connection connection) {}
  }

  @Test
  void theMethodThatRegistersAHandlerDecidesWhichKindItIs() {
    HandlerRuntimeBuilder builder =
        HandlerRuntime.builder()
            .handler(EventDomain.CHAT, "plain", new OfTwoKinds())
            .transactionalHandler(EventDomain.CHAT, "transactional", new OfTwoKinds());

    assertFalse(handler(builder, "plain") instanceof TransactionalEventHandler);
    assertFalse(handler(builder, "transactional") instanceof EventHandler);
  }

  private static Handler handler(HandlerRuntimeBuilder builder, String type) {
    return Objects.requireNonNull(builder.handlers.get(new HandlerKey(EventDomain.CHAT, type)))
        .handler();
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

  /** A data source without a database. */
  private static final class UnreachableDataSource extends TestDataSource {
    @Override
    public Connection getConnection() throws SQLException {
      throw new SQLException("not here", "08001");
    }
  }
}
