package io.sluice.examples.trading;

import static io.sluice.examples.Queries.rows;
import static io.sluice.examples.Queries.value;
import static io.sluice.examples.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.examples.StandInRelay;
import io.sluice.handlers.HandlerRuntime;
import io.sluice.handlers.HandlerRuntimeBuilder;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.outbox.TopicTemplate;
import io.sluice.repository.OutboxRepository;
import io.sluice.repository.StoredEvent;
import io.sluice.repository.StoredRow;
import io.sluice.routing.KeyRanges;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SandboxTest
class TradingIT {

  private static final ShardId ONE = ShardId.of("shard-1");
  private static final ShardId TWO = ShardId.of("shard-2");
  private static final KeyRanges RANGES = KeyRanges.parse("0-32767=shard-1, 32768-65535=shard-2");
  private static final String TABLES =
      """
      DROP TABLE IF EXISTS accounts, orders, fills, positions, outbox_events;
      CREATE TABLE accounts (user_id VARCHAR(36) PRIMARY KEY, balance DECIMAL(12, 2) NOT NULL);
      CREATE TABLE orders (id VARCHAR(36) PRIMARY KEY, user_id VARCHAR(36) NOT NULL,
        symbol VARCHAR(8) NOT NULL, amount DECIMAL(12, 2) NOT NULL);
      CREATE TABLE fills (order_id VARCHAR(36) NOT NULL, symbol VARCHAR(8) NOT NULL,
        quantity DECIMAL(12, 2) NOT NULL);
      CREATE TABLE positions (user_id VARCHAR(36), symbol VARCHAR(8),
        quantity DECIMAL(12, 2) NOT NULL, PRIMARY KEY (user_id, symbol));
      """;

  private final Sandbox sandbox;
  private final Map<ShardId, Database> databases;
  private final ShardDataSources shards;
  private final OutboxRepository repository;
  private final TradingService service;

  TradingIT(Sandbox sandbox) {
    this.sandbox = sandbox;
    databases = Map.of(ONE, sandbox.database("one"), TWO, sandbox.database("two"));
    shards =
        ShardDataSources.of(
            Map.of(ONE, database(ONE).dataSource(), TWO, database(TWO).dataSource()));
    repository = new OutboxRepository(shards);
    service = new TradingService(RANGES, shards);
  }

  private Database database(ShardId shard) {
    return databases.getOrDefault(shard, databases.values().iterator().next());
  }

  @BeforeEach
  void emptyTables() throws SQLException {
    for (Database database : databases.values()) {
      database.run(TABLES + OutboxTable.ddl());
    }
  }

  /** A user of this shard, with 1,000. */
  private String user(ShardId shard) throws SQLException {
    String user = shard + "-user";
    for (int i = 0; !RANGES.shard(user).equals(shard); i++) {
      user = shard + "-user-" + i;
    }
    database(shard).run("INSERT INTO accounts VALUES ('%s', 1000)".formatted(user));
    return user;
  }

  private static OrderFilled fill(String order, String user, String quantity) {
    return new OrderFilled(order, user, "AAPL", new BigDecimal(quantity));
  }

  @Test
  void anOrderAndItsEventAreInTheUsersShardTogether() throws SQLException {
    String user = user(TWO);

    String order = service.place(user, "AAPL", new BigDecimal("100.00"));

    assertEquals("900.00", value(database(TWO), "SELECT balance FROM accounts"));
    assertEquals(order, value(database(TWO), "SELECT id FROM orders"));
    StoredEvent event = repository.pending(TWO, 10).get(0).event();
    assertEquals(order, event.aggregateId());
    assertEquals(5, event.delivery().maxRetries());
    assertEquals(0, rows(database(ONE), "outbox_events"));
  }

  @Test
  void anOrderNobodyCanPayLeavesNothingBehind() throws SQLException {
    String user = user(ONE);

    assertThrows(
        InsufficientFundsException.class,
        () -> service.place(user, "AAPL", new BigDecimal("1000.01")));

    assertEquals(0, rows(database(ONE), "orders"));
    assertEquals(0, rows(database(ONE), "outbox_events"));
  }

  @Test
  void fillsAreBookedTogetherOrNotAtAll() throws SQLException {
    String user = user(ONE);
    OrderFilled tooLong = new OrderFilled("o1", user, "A-SYMBOL-TOO-LONG", BigDecimal.ONE);

    service.fill(user, List.of(fill("o1", user, "2"), fill("o1", user, "3")));
    assertThrows(
        SQLException.class, () -> service.fill(user, List.of(fill("o1", user, "4"), tooLong)));

    assertEquals(2, rows(database(ONE), "fills"));
    assertEquals(2, rows(database(ONE), "outbox_events"));
  }

  @Test
  void workersSubmitBookAndPush() throws Exception {
    Queue<String> submitted = new ConcurrentLinkedQueue<>();
    Queue<String> pushed = new ConcurrentLinkedQueue<>();
    Exchange exchange =
        (key, order) -> {
          if (order.symbol().equals("NONE")) {
            throw new Exchange.RefusedException("there is no such symbol");
          }
          submitted.add(order.orderId());
        };
    Push push =
        (key, user, message) -> {
          pushed.add(user);
          return CompletableFuture.completedFuture(null);
        };
    sandbox.topics().create("portfolio", 2);
    sandbox.topics().create("portfolio.dlq", 1);
    sandbox.topics().create("notification", 2);
    MeterRegistry meters = new SimpleMeterRegistry();
    String one = user(ONE);
    String two = user(TWO);
    String order = service.place(one, "AAPL", BigDecimal.TEN);
    service.place(two, "NONE", BigDecimal.TEN);
    service.fill(one, List.of(fill(order, one, "2"), fill(order, one, "3")));

    try (TradingWorker worker = new TradingWorker(deployment(), exchange, push, meters);
        StandInRelay relay = relay()) {
      worker.start();
      relay.publish(pending());
      until("both fills booked", () -> pendingNotifications().size() == 2);
      relay.publish(pendingNotifications());
      until("all finished", () -> pending().isEmpty() && repository.failed(TWO, 9).size() == 1);
    }

    assertEquals(List.of(order), List.copyOf(submitted));
    assertEquals("5.00", value(database(ONE), "SELECT quantity FROM positions"));
    assertEquals(List.of(one, one), List.copyOf(pushed));
    assertEquals(1, repository.failed(TWO, 9).get(0).event().delivery().retryCount());
    assertEquals(5, published(meters));
  }

  private static double published(MeterRegistry meters) {
    return meters
        .get("sluice.handlers.events")
        .tag("outcome", "published")
        .functionCounters()
        .stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  private List<StoredEvent> pending() {
    return repository.pending(100).orThrow().values().values().stream()
        .flatMap(List::stream)
        .map(StoredRow::event)
        .toList();
  }

  private List<StoredEvent> pendingNotifications() {
    return pending().stream()
        .filter(event -> event.domain().equals(EventDomain.NOTIFICATION))
        .toList();
  }

  private TopicTemplate topics() {
    return new TopicTemplate(sandbox.topicPrefix() + "${domain}");
  }

  private StandInRelay relay() {
    return new StandInRelay(
        sandbox.kafka().bootstrapServers(), topics(), sandbox.topicPrefix() + "relay");
  }

  /** The shard with an account that may do what the page says, and no more. */
  private Database workers(ShardId shard) {
    String name = database(shard).name();
    return new Database(
        name,
        sandbox.account(
            "worker",
            "SELECT, INSERT, UPDATE ON `%s`.outbox_events".formatted(name),
            "SELECT, INSERT, UPDATE ON `%s`.positions".formatted(name)));
  }

  private HandlerRuntimeBuilder deployment() {
    return HandlerRuntime.builder()
        .kafka(Map.of("bootstrap.servers", sandbox.kafka().bootstrapServers()))
        .shards(
            ShardDataSources.of(
                Map.of(ONE, workers(ONE).dataSource(), TWO, workers(TWO).dataSource())))
        .topics(topics())
        .groupPrefix(sandbox.topicPrefix())
        .retry(RetryPolicy.exponential(Duration.ofMillis(20), Duration.ofMillis(50)));
  }
}
