package io.sluice.examples.spring;

import static io.sluice.examples.Queries.rows;
import static io.sluice.examples.Queries.value;
import static io.sluice.examples.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.examples.StandInRelay;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.TopicTemplate;
import io.sluice.repository.OutboxRepository;
import io.sluice.repository.StoredEvent;
import io.sluice.repository.StoredRow;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.writer.OutboxService;
import io.sluice.writer.OutboxWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

@Tag("containers")
@SandboxTest
class SpringHandlersIT {

  private static final Pattern SQL = Pattern.compile("(?s)```sql\n(.*?)```");

  /** Fits into the tables, but not into an event about it. */
  private static final String TOO_LONG = "u".repeat(256);

  private static final String TABLES =
      """
      DROP TABLE IF EXISTS positions, messages, handled_events, outbox_events;
      CREATE TABLE positions (user_id VARCHAR(300), symbol VARCHAR(8),
        quantity DECIMAL(12, 2) NOT NULL, PRIMARY KEY (user_id, symbol));
      CREATE TABLE messages (id BIGINT AUTO_INCREMENT PRIMARY KEY,
        user_id VARCHAR(300) NOT NULL, text VARCHAR(200) NOT NULL);
      """;

  private final Sandbox sandbox;
  private final Database database;
  private final ShardDataSources shards;
  private final OutboxRepository repository;

  SpringHandlersIT(Sandbox sandbox) {
    this.sandbox = sandbox;
    database = sandbox.database("shard");
    shards = ShardDataSources.of(Map.of(Application.SHARD, database.dataSource()));
    repository = new OutboxRepository(shards);
  }

  static TopicTemplate topics(Sandbox sandbox) {
    return new TopicTemplate(sandbox.topicPrefix() + "${domain}");
  }

  @BeforeAll
  static void createTopics(Sandbox sandbox) {
    for (String topic : List.of("portfolio", "portfolio.dlq", "notification")) {
      sandbox.topics().create(topic, 1);
    }
  }

  @BeforeEach
  void emptyTables() throws Exception {
    database.run(TABLES + statements("spring-handlers.md").get(1) + ";" + OutboxTable.ddl());
  }

  /** Those of a page; of the handlers' in Spring: what remembers an event, and the table for it. */
  private static List<String> statements(String page) throws IOException {
    return SQL.matcher(Files.readString(Path.of("..", page)))
        .results()
        .map(block -> block.group(1).strip())
        .toList();
  }

  private AnnotationConfigApplicationContext application() {
    AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    context.registerBean("database", PassingDataSource.class, database.dataSource());
    context.registerBean("application", Application.class, sandbox);
    context.refresh();
    return context;
  }

  private StandInRelay relay() {
    return new StandInRelay(
        sandbox.kafka().bootstrapServers(), topics(sandbox), sandbox.topicPrefix() + "relay");
  }

  private static OutboxEvent filled(String order, String user) {
    return OutboxEvent.builder(EventDomain.PORTFOLIO, "order_filled")
        .aggregate("order", order)
        .payload(new Fill(user, "AAPL", new BigDecimal("2")))
        .build();
  }

  private List<StoredEvent> pending() {
    return repository.pending(Application.SHARD, 10).stream().map(StoredRow::event).toList();
  }

  private String status(String type) throws SQLException {
    return value(
        database, "SELECT status FROM outbox_events WHERE event_type = '%s'".formatted(type));
  }

  private void write(OutboxEvent event) {
    new OutboxService(shards, new OutboxWriter()).publish(Application.SHARD, event);
  }

  @Test
  void effectsEventsAndStatusGoTogether() throws Exception {
    write(filled("o1", "ada"));
    write(filled("o2", TOO_LONG));

    AnnotationConfigApplicationContext context = application();
    try (context;
        StandInRelay relay = relay()) {
      relay.publish(pending());
      until("one booked, one failed", () -> pending().size() == 1 && failed() == 1);
      relay.publish(pending());
      until("a message", () -> rows(database, "messages") == 1);
      until("the message's event", () -> status("position_changed").equals("PUBLISHED"));
      assertEquals("chat", pending().get(0).domain().lowerCaseName());
    }

    // What the handler had added before it failed was rolled back.
    assertEquals("ada", value(database, "SELECT GROUP_CONCAT(user_id) FROM positions"));
    assertEquals("2.00", value(database, "SELECT SUM(quantity) FROM positions"));
    String counts = statements("handlers.md").get(0).replace(";", "");
    assertEquals(2, rows(database, "(%s) AS counted".formatted(counts)));
  }

  private int failed() {
    return repository.failed(Application.SHARD, 10).size();
  }

  @Test
  void whatIsRememberedIsNotDoneAgain() throws Exception {
    assertEquals(statements("spring-handlers.md").get(0), Inbox.REMEMBER);
    HandledEvent event =
        HandledEvent.builder(EventDomain.NOTIFICATION, "position_changed")
            .id("e1")
            .shard(Application.SHARD)
            .aggregate("user", "ada")
            .payload("{}")
            .build();
    Fill fill = new Fill("ada", "AAPL", BigDecimal.ONE);

    try (AnnotationConfigApplicationContext context = application()) {
      Inbox inbox = context.getBean(Inbox.class);
      inbox.add(fill, event);
      inbox.add(fill, event);
    }

    assertEquals(1, rows(database, "messages"));
    assertEquals(1, rows(database, "outbox_events WHERE domain = 'CHAT'"));
  }

  @Test
  void theApplicationsEndLetsHandlersFinish() throws Exception {
    database.run("INSERT INTO positions VALUES ('ada', 'AAPL', 1)");
    write(filled("o1", "ada"));

    try (StandInRelay relay = relay();
        Connection holder = database.connect();
        Statement lock = holder.createStatement()) {
      AnnotationConfigApplicationContext context = application();
      holder.setAutoCommit(false);
      lock.execute("SELECT * FROM positions FOR UPDATE");
      relay.publish(pending());
      until("the handler waits for the position", () -> waiting() == 1);

      Thread end = new Thread(context::close, "end");
      end.start();
      until("the application ends", () -> context.isClosed());
      holder.rollback();
      end.join();
    }

    assertEquals("3.00", value(database, "SELECT quantity FROM positions"));
    assertEquals("PUBLISHED", status("order_filled"));
  }

  /** How many transactions of this database wait for a row. */
  private int waiting() throws SQLException {
    return rows(
        database,
        "information_schema.processlist WHERE db = DATABASE() AND info LIKE 'INSERT INTO positions%'");
  }
}
