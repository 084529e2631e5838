package io.sluice.writer.spring;

import static io.sluice.writer.testkit.ExpectedEvent.event;
import static io.sluice.writer.testkit.OutboxAssertions.assertThatTransaction;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.writer.spring.SpringExamples.Order;
import io.sluice.writer.spring.SpringExamples.OrderRepository;
import io.sluice.writer.spring.SpringExamples.OrderService;
import io.sluice.writer.spring.SpringExamples.OutboxInMemory;
import io.sluice.writer.spring.SpringExamples.ShardedOrders;
import io.sluice.writer.testkit.RecordingOutbox;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

class SpringDocumentTest {

  private static final Pattern BLOCK = Pattern.compile("(?s)```(\\w+)\n(.*?)```");
  private static final String EXAMPLES =
      "writer-lib/spring/src/test/java/io/sluice/writer/spring/SpringExamples.java";
  private static final String BOOT_4_EXAMPLES =
      "writer-lib/spring/boot4-tests/src/test/java/io/sluice/writer/spring/Jackson3Test.java";

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration(
      excludeName = {
        "org.springframework.boot.autoconfigure.orm.jpa.HibernateJpaAutoConfiguration",
        "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration"
      })
  @Import({OutboxInMemory.class, OrderService.class})
  static class Application {}

  /** The project's root; this test runs in two modules. */
  private static Path root() {
    Path folder = Path.of("..");
    while (!Files.exists(folder.resolve("docs/spring.md"))) {
      folder = folder.resolve("..");
    }
    return folder;
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }

  private static List<String> blocks(String language) throws IOException {
    return BLOCK
        .matcher(Files.readString(root().resolve("docs/spring.md")))
        .results()
        .filter(block -> block.group(1).equals(language))
        .map((MatchResult block) -> block.group(2))
        .toList();
  }

  @Test
  void itsCodeIsCodeThatCompiles() throws IOException {
    String compiled =
        oneLine(
            Files.readString(root().resolve(EXAMPLES)).replace("static class", "class")
                + Files.readString(root().resolve(BOOT_4_EXAMPLES)));
    List<String> blocks =
        blocks("java").stream()
            .filter(block -> !block.startsWith("import ")) // see JpaShardsIT
            .map(SpringDocumentTest::oneLine)
            .toList();

    assertEquals(5, blocks.size());
    for (String block : blocks) {
      assertTrue(compiled.contains(block), block);
    }
  }

  @Test
  void itsSettingsAreRead() throws IOException {
    RecordingOutbox recording = new RecordingOutbox();
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(SluiceWriterAutoConfiguration.class))
        .withBean("firstDataSource", DataSource.class, recording::dataSource)
        .withBean("secondDataSource", DataSource.class, recording::dataSource)
        .withPropertyValues(blocks("properties").get(0).strip().split("\n"))
        .run(
            context ->
                assertEquals(
                    Set.of(ShardId.of("shard-1"), ShardId.of("shard-2")),
                    context.getBean(ShardDataSources.class).shards()));
  }

  @Test
  void aServiceIsTestedWithoutADatabase() {
    Order refused = new Order("43", BigDecimal.ZERO);
    OrderRepository repository =
        order -> {
          if (order.equals(refused)) {
            throw new IllegalStateException("refused");
          }
        };
    new ApplicationContextRunner()
        .withUserConfiguration(Application.class)
        .withBean(OrderRepository.class, () -> repository)
        .run(
            context -> {
              OrderService orders = context.getBean(OrderService.class);
              RecordingOutbox outbox = context.getBean(RecordingOutbox.class);
              orders.place(new Order("42", BigDecimal.ONE));
              assertThatTransaction(outbox.lastTransaction())
                  .wroteExactly(event("order_created").aggregate("order", "42"));

              assertThrows(IllegalStateException.class, () -> orders.place(refused));
              assertThatTransaction(outbox.lastTransaction()).wroteNothing();
              assertEquals(2, outbox.transactions().size());
            });
  }

  @Test
  void nestedTransactionsNeedNoDatabaseEither() {
    RecordingOutbox recording = new RecordingOutbox();
    DataSource dataSource = recording.dataSource();
    TransactionTemplate nested = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
    SpringOutbox outbox = SpringOutbox.of(dataSource, recording.writer());

    nested.executeWithoutResult(
        around -> {
          outbox.append(Shop.orderCreated("around"));
          nested.executeWithoutResult(
              inner -> {
                outbox.append(Shop.orderCreated("nested"));
                inner.setRollbackOnly();
              });
        });

    assertThatTransaction(recording.lastTransaction())
        .wroteExactly(event("order_created").aggregate("order", "around"));
  }

  @Test
  void aShardIsChosenForEachTransaction() {
    RecordingOutbox recording = new RecordingOutbox();
    DataSource dataSource = recording.dataSource();
    ShardId shard = ShardId.of("shard-1");
    ShardedOrders orders =
        new ShardedOrders(
            any -> new TransactionTemplate(new JdbcTransactionManager(dataSource)),
            SpringOutbox.of(dataSource, recording.writer()));

    assertThrows(IllegalArgumentException.class, () -> orders.cancel(shard, cancelled()));
    orders.cancel(ShardId.GLOBAL, cancelled());

    assertThatTransaction(recording.lastTransaction()).wroteExactly(event("order_cancelled"));
  }

  private static OutboxEvent cancelled() {
    return OutboxEvent.builder(EventDomain.PORTFOLIO, "order_cancelled")
        .aggregate("order", "42")
        .json("{}")
        .build();
  }
}
