package io.sluice.handlers;

import static io.sluice.handlers.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import io.sluice.sandbox.junit.Account;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Workers whose pool has fewer connections than handlers may run. */
@WithStage
@SuppressWarnings("try") // runtimes are not referenced
class PoolIT {

  private static final EventDomain CHAT = EventDomain.CHAT;

  /** Longer than a shard may take to answer, and than a call on a shard that is away may run. */
  private static final Duration LONG = Duration.ofSeconds(5);

  private final Stage stage;

  PoolIT(Stage stage) throws Exception {
    this.stage = stage;
    stage.topics().create(CHAT, 1);
  }

  private HikariDataSource pool(int connections, String password) {
    return new HikariDataSource(config(connections, password));
  }

  private HikariConfig config(int connections, String password) {
    Account account = stage.rows().workerLogin(Stage.ONE);
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(account.server().jdbcUrl(stage.rows().databaseName(Stage.ONE)));
    config.setUsername(account.user());
    config.setPassword(password);
    config.setMaximumPoolSize(connections);
    config.setConnectionTimeout(1_000);
    config.setInitializationFailTimeout(-1);
    return config;
  }

  private HandlerRuntimeBuilder runtime(HikariDataSource pool) {
    return stage.runtime(Map.of(Stage.ONE, pool)).concurrency(8);
  }

  @Test
  void aPoolThatItsHandlersExhaustDoesNotMakeTheShardAway() throws Exception {
    CountDownLatch open = new CountDownLatch(1);
    AtomicInteger interrupted = new AtomicInteger();
    AtomicInteger called = new AtomicInteger();
    try (HikariDataSource pool = pool(3, stage.rows().workerLogin(Stage.ONE).password());
        HandlerRuntime runtime =
            runtime(pool)
                .handler(CHAT, "plain", Calls.succeeding())
                .transactionalHandler(
                    CHAT,
                    "slow",
                    (event, connection) -> {
                      called.incrementAndGet();
                      try {
                        open.await();
                      } catch (InterruptedException e) {
                        interrupted.incrementAndGet();
                        throw e;
                      }
                    })
                .build()) {
      runtime.start();
      List<OutboxEvent> slow = emit("slow", 16);
      until("as many run as can", () -> called.get() == 2);
      Instant end = Instant.now().plus(LONG);
      until(
          "long enough",
          () -> {
            assertEquals(List.of(), List.copyOf(runtime.snapshot(CHAT).shardsAway()));
            return Instant.now().isAfter(end);
          });
      open.countDown();
      for (OutboxEvent event : slow) {
        stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);
      }

      assertEquals(0, interrupted.get());
      assertEquals(16, called.get());
    }
  }

  @Test
  void aPoolWithOneConnectionMakesProgress() throws Exception {
    try (HikariDataSource pool = pool(1, stage.rows().workerLogin(Stage.ONE).password());
        HandlerRuntime runtime =
            runtime(pool).transactionalHandler(CHAT, "any", (event, connection) -> {}).build()) {
      runtime.start();
      for (OutboxEvent event : emit("any", 3)) {
        stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> outcomesAndEffectsAreCommittedWithAnySettings() {
    Map<String, Consumer<HikariConfig>> settings =
        Map.of(
            "no auto-commit",
            config -> config.setAutoCommit(false),
            "serialisable",
            config -> config.setTransactionIsolation("TRANSACTION_SERIALIZABLE"),
            "auto-commit switched off later",
            config -> config.setConnectionInitSql("SET autocommit = 0"),
            "auto-commit switched on later",
            config -> {
              config.setAutoCommit(false);
              config.setConnectionInitSql("SET autocommit = 1");
            },
            "auto-commit of which the driver does not know",
            config -> {
              config.addDataSourceProperty("useLocalSessionState", "true");
              config.setConnectionInitSql("SET autocommit = 0");
            },
            "no statement that switches auto-commit",
            config -> {
              config.setAutoCommit(false);
              config.addDataSourceProperty("useLocalSessionState", "true");
            },
            "other modes",
            config ->
                config.setConnectionInitSql(
                    "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES', time_zone = '+13:00',"
                        + " sql_select_limit = 1, lock_wait_timeout = 1"));
    return settings.entrySet().stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.getKey(), () -> outcomesAndEffectsAreCommittedWith(each.getValue())));
  }

  private void outcomesAndEffectsAreCommittedWith(Consumer<HikariConfig> settings)
      throws Exception {
    HikariConfig config = config(3, stage.rows().workerLogin(Stage.ONE).password());
    settings.accept(config);
    AtomicInteger called = new AtomicInteger();
    try (HikariDataSource pool = new HikariDataSource(config);
        HandlerRuntime runtime =
            runtime(pool)
                .handler(CHAT, "plain", event -> called.incrementAndGet())
                .transactionalHandler(CHAT, "booking", TransactionalHandlersIT::addEffect)
                .build()) {
      runtime.start();
      List<OutboxEvent> plain = emit("plain", 2);
      List<OutboxEvent> bookings = emit("booking", 2);
      for (OutboxEvent event : plain) {
        stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);
      }
      for (OutboxEvent event : bookings) {
        stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);
        assertEquals(1, stage.rows().effects(event));
      }
      assertEquals(2, called.get());
    }
  }

  @Test
  void aReadOnlyPoolCallsNoHandler() throws Exception {
    HikariConfig config = config(3, stage.rows().workerLogin(Stage.ONE).password());
    config.setReadOnly(true);
    AtomicInteger called = new AtomicInteger();
    try (HikariDataSource pool = new HikariDataSource(config);
        HandlerRuntime runtime =
            runtime(pool).handler(CHAT, "plain", event -> called.incrementAndGet()).build()) {
      runtime.start();
      emit("plain", 1);
      until("the shard is away", () -> runtime.snapshot(CHAT).shardsAway().contains(Stage.ONE));
      assertEquals(0, called.get());
    }
  }

  @Test
  void aWrongPasswordIsNamedAlthoughThePoolHidesIt() throws Exception {
    try (HikariDataSource pool = pool(1, "wrong");
        Logged logged = Logged.by("io.sluice.handlers.internal.status.ShardStatusStore");
        HandlerRuntime runtime = runtime(pool).handler(CHAT, "any", Calls.succeeding()).build()) {
      runtime.start();
      emit("any", 1);
      until("logged", () -> !logged.events().isEmpty());

      assertEquals(Level.WARN, logged.events().get(0).getLevel());
      String message = logged.events().get(0).getFormattedMessage();
      assertTrue(message.contains("shard 'shard-1'"), message);
      assertTrue(message.contains("Access denied for user"), message);
      assertTrue(message.contains("correct the account, password or grants"), message);
      assertTrue(runtime.snapshot(CHAT).shardsAway().contains(Stage.ONE));
    }
  }

  private List<OutboxEvent> emit(String type, int count) throws Exception {
    List<OutboxEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(stage.emit(Stage.ONE, Stage.event(CHAT, type, "room" + i), 0));
    }
    return events;
  }
}
