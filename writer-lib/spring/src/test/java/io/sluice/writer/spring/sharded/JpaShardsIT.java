package io.sluice.writer.spring.sharded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.ShardId;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.writer.TransactionRequiredException;
import io.sluice.writer.spring.SpringOutbox;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.transaction.annotation.Transactional;

/** The documented application with two shards and JPA, and its mistakes. */
@SandboxTest
class JpaShardsIT {

  private static final ShardId EU = ShardId.of("eu");

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import({JpaShards.class, ShardedOrders.class, Mistakes.class})
  static class Application {}

  /** Methods that name no or another transaction manager. */
  static class Mistakes {

    private final EntityManager us;
    private final SpringOutbox outbox;

    Mistakes(@Qualifier("usEntities") EntityManagerFactory us, SpringOutbox outbox) {
      this.us = SharedEntityManagerCreator.createSharedEntityManager(us);
      this.outbox = outbox;
    }

    @Transactional("usTransactions")
    public void transactionOfAnotherShard() {
      us.persist(new PurchaseOrder("2"));
      outbox.append(EU, event());
    }

    @Transactional("euTransactions")
    public void entityOfAnotherShard() {
      us.persist(new PurchaseOrder("3"));
      outbox.append(EU, event());
    }

    @Transactional
    public void noTransactionManager() {
      outbox.append(EU, event());
    }

    @Transactional("euTransactions")
    public void noShard() {
      outbox.append(event());
    }

    private static OutboxEvent event() {
      return OutboxEvent.builder(EventDomain.PORTFOLIO, "order_created")
          .aggregate("order", "2")
          .json("{}")
          .build();
    }
  }

  private final Database eu;
  private final Database us;
  private final ConfigurableApplicationContext context;

  JpaShardsIT(Sandbox sandbox) throws SQLException, IOException {
    eu = prepared(sandbox.database("eu"));
    us = prepared(sandbox.database("us"));
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(
            new MapPropertySource(
                "databases",
                Map.of(
                    "EU_URL", eu.jdbcUrl(),
                    "EU_USER", eu.user(),
                    "EU_PASSWORD", eu.password(),
                    "US_URL", us.jdbcUrl(),
                    "US_USER", us.user(),
                    "US_PASSWORD", us.password())));
    context =
        new SpringApplicationBuilder(Application.class)
            .environment(environment)
            .properties(documentedSettings())
            .properties("spring.main.banner-mode=off", "logging.level.root=warn")
            .run();
  }

  private static Database prepared(Database database) throws SQLException {
    database.run(
        "DROP TABLE IF EXISTS orders, outbox_events;"
            + "CREATE TABLE orders (id VARCHAR(36) PRIMARY KEY);"
            + OutboxTable.ddl());
    return database;
  }

  private static String page() throws IOException {
    Path root = Path.of("..");
    while (!Files.exists(root.resolve("docs/spring.md"))) {
      root = root.resolve("..");
    }
    return Files.readString(root.resolve("docs/spring.md"));
  }

  private static String[] documentedSettings() throws IOException {
    String page = page();
    int begin = page.indexOf("shards.eu.jdbc-url");
    return page.substring(begin, page.indexOf("```", begin)).strip().split("\n");
  }

  @AfterEach
  void close() {
    context.close();
  }

  private static String rows(Database database) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT CONCAT_WS(' ', (SELECT GROUP_CONCAT(id) FROM orders), 'events',
                  (SELECT GROUP_CONCAT(aggregate_id) FROM outbox_events))""")) {
      row.next();
      return row.getString(1);
    }
  }

  @Test
  void eachEventIsWrittenWithTheDataOfItsShard() throws SQLException {
    ShardedOrders orders = context.getBean(ShardedOrders.class);

    orders.placeInEurope(new PurchaseOrder("e-1"));
    orders.placeInAmerica(new PurchaseOrder("u-1"));

    assertEquals("e-1 events e-1", rows(eu));
    assertEquals("u-1 events u-1", rows(us));
  }

  @Test
  void mistakesAreRefusedAndNothingIsWritten() throws SQLException {
    Mistakes mistakes = context.getBean(Mistakes.class);

    String refusal =
        String.valueOf(
            assertThrows(TransactionRequiredException.class, mistakes::transactionOfAnotherShard)
                .getMessage());
    assertTrue(
        refusal.contains("does not hold a connection of the DataSource of shard 'eu'"), refusal);
    assertThrows(NoUniqueBeanDefinitionException.class, mistakes::noTransactionManager);
    assertThrows(IllegalStateException.class, mistakes::noShard);

    assertEquals("events", rows(eu));
    assertEquals("events", rows(us));
  }

  /** A limitation in docs/spring.md: Spring opens an entity manager without a transaction. */
  @Test
  void anEntityManagerOfAnotherShardLosesTheEntity() throws SQLException {
    context.getBean(Mistakes.class).entityOfAnotherShard();

    assertEquals("events 2", rows(eu));
    assertEquals("events", rows(us));
  }

  @Test
  void theDocumentedCodeIsThatOfThisPackage() throws IOException {
    String page = oneLine(page());
    Path sources = Path.of("src/test/java/io/sluice/writer/spring/sharded");
    Path here = Files.exists(sources) ? sources : Path.of("..").resolve(sources);
    for (String file : new String[] {"JpaShards", "ShardedOrders"}) {
      String code = Files.readString(here.resolve(file + ".java"));
      String imported = code.substring(code.indexOf("import "));
      assertTrue(page.contains(oneLine(imported.replaceAll("/\\*\\*.*?\\*/\n", ""))), file);
    }
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
