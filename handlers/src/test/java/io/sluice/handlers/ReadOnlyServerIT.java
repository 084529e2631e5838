package io.sluice.handlers;

import static io.sluice.handlers.TransactionalHandlersIT.addEffect;
import static io.sluice.handlers.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.handlers.api.TransactionalEventHandler;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.sandbox.server.MySqlServer;
import io.sluice.sandbox.server.SandboxServers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A shard's server that becomes read-only. The tests start a separate server. */
@SandboxTest
@Tag("fault")
@SuppressWarnings("try") // runtimes are not referenced
class ReadOnlyServerIT {

  private static final EventDomain CHAT = EventDomain.CHAT;
  private static final String SENT = "message_sent";

  private final Sandbox sandbox;
  private MySqlServer mysql;
  private StageResources resources;
  private Stage stage;

  ReadOnlyServerIT(Sandbox sandbox) {
    this.sandbox = sandbox;
  }

  @BeforeEach
  void open() throws Exception {
    assumeTrue(SandboxServers.foreign().isEmpty(), "the server is not this build's to change");
    mysql = MySqlServer.start();
    resources =
        new StageResources(Sandbox.on(new SandboxServers(mysql, sandbox.kafka()), "read_only"));
    stage = new Stage(resources);
    stage.topics().create(CHAT, 1);
  }

  @AfterEach
  void close() throws SQLException {
    if (mysql != null) {
      resources.close();
      mysql.close();
    }
  }

  private HandlerRuntime started(DataSource source, TransactionalEventHandler handler) {
    HandlerRuntime runtime =
        stage
            .runtime(Map.of(Stage.ONE, source))
            .transactionalHandler(CHAT, SENT, handler)
            .rowRetention(Duration.ZERO)
            .build();
    runtime.start();
    return runtime;
  }

  /** As in a planned switchover while the pool still leads to the former primary. */
  @Test
  void anEventIsNotToBlameWhereItsHandlerHidesThatTheServerIsReadOnly() throws Exception {
    OutboxEvent event =
        OutboxEvent.builder(CHAT, SENT).aggregate("room", "7").json("{}").maxRetries(1).build();
    stage.rows().write(Stage.ONE, event);
    CountedAborts source = new CountedAborts(stage.rows().workerSource(Stage.ONE));
    AtomicInteger calls = new AtomicInteger();
    TransactionalEventHandler handler =
        (given, connection) -> {
          if (calls.incrementAndGet() == 1) {
            stage.rows().administer("SET GLOBAL read_only = ON");
          }
          try {
            addEffect(given, connection);
          } catch (SQLException e) {
            throw new IllegalStateException("could not be booked");
          }
        };
    try (HandlerRuntime runtime = started(source, handler)) {
      stage.relay().relay(Stage.ONE, event, 0);
      until("left, and refused again", () -> source.aborts() >= 2);
      stage.rows().administer("SET GLOBAL read_only = OFF");
      stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);

      assertEquals(1, stage.rows().effects(event));
      assertEquals(0, stage.rows().row(event).retryCount());
    } finally {
      stage.rows().administer("SET GLOBAL read_only = OFF");
    }
  }

  @Test
  void aReadOnlyServerIsLeftAndNotAskedWhetherARowIsGone() throws Exception {
    CountedAborts source = new CountedAborts(stage.rows().workerSource(Stage.ONE));
    String transaction = stage.rows().executedTransaction();
    stage.rows().administer("SET GLOBAL read_only = ON");
    try (HandlerRuntime runtime = started(source, TransactionalHandlersIT::addEffect)) {
      stage.relay().relay(Stage.ONE, Stage.event(CHAT, SENT), transaction);
      until("left", () -> source.aborts() > 0);
      assertEquals(0, runtime.statistics().skipped());
      stage.rows().administer("SET GLOBAL read_only = OFF");
      until("passed over", () -> runtime.statistics().skipped() == 1);
    } finally {
      stage.rows().administer("SET GLOBAL read_only = OFF");
    }
  }
}
