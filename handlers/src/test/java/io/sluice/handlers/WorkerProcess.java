package io.sluice.handlers;

import io.sluice.handlers.api.EventHandler;
import io.sluice.handlers.api.JsonHandlers;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.api.TransactionalEventHandler;
import io.sluice.handlers.api.Unhandled;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.TopicTemplate;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A worker in a separate process, which tests kill. Its retries wait an hour. */
final class WorkerProcess implements AutoCloseable {

  /** The behaviour of its only handler. */
  private enum Behaviour {
    READS_JSON,
    FAILS,
    HANGS_IN_TRANSACTION,
    DIES_AFTER_COMMIT
  }

  private final Process process;

  private WorkerProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts a worker whose handler reads JSON and rejects what is no object.
   *
   * @param libraries a folder of libraries that take precedence
   */
  static WorkerProcess readingJson(
      Stage stage, EventDomain domain, String eventType, Path libraries)
      throws IOException, SQLException {
    return start(
        stage,
        domain,
        eventType,
        Behaviour.READS_JSON,
        libraries.resolve("*") + File.pathSeparator + System.getProperty("java.class.path"));
  }

  static WorkerProcess failing(Stage stage, EventDomain domain, String eventType)
      throws IOException, SQLException {
    return start(stage, domain, eventType, Behaviour.FAILS);
  }

  /** Starts a worker whose handler writes an effect and does not return. */
  static WorkerProcess hangingInTransaction(Stage stage, EventDomain domain, String eventType)
      throws IOException, SQLException {
    return start(stage, domain, eventType, Behaviour.HANGS_IN_TRANSACTION);
  }

  /** Starts a worker that ends as soon as the database has committed its effect. */
  static WorkerProcess dyingAfterCommit(Stage stage, EventDomain domain, String eventType)
      throws IOException, SQLException {
    return start(stage, domain, eventType, Behaviour.DIES_AFTER_COMMIT);
  }

  private static WorkerProcess start(
      Stage stage, EventDomain domain, String eventType, Behaviour behaviour)
      throws IOException, SQLException {
    return start(stage, domain, eventType, behaviour, System.getProperty("java.class.path"));
  }

  private static WorkerProcess start(
      Stage stage, EventDomain domain, String eventType, Behaviour behaviour, String classPath)
      throws IOException, SQLException {
    try (Connection connection = stage.rows().workerSource(Stage.ONE).getConnection()) {
      return new WorkerProcess(
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      // The process lives only a few seconds, too short for optimised compilation.
                      "-XX:TieredStopAtLevel=1",
                      "-XX:+UseSerialGC",
                      "-cp",
                      classPath,
                      WorkerProcess.class.getName(),
                      String.valueOf(stage.kafka().get("bootstrap.servers")),
                      stage.topics().template().text(),
                      stage.topics().groupPrefix(),
                      domain.name(),
                      eventType,
                      connection.getMetaData().getURL(),
                      stage.rows().workerLogin(Stage.ONE).user(),
                      stage.rows().workerLogin(Stage.ONE).password(),
                      behaviour.name()))
              .inheritIO()
              .start());
    }
  }

  public static void main(String[] args) {
    HandlerRuntimeBuilder builder =
        HandlerRuntime.builder()
            .kafka(Map.of("bootstrap.servers", args[0], "session.timeout.ms", 6000))
            .topics(new TopicTemplate(args[1]))
            .groupPrefix(args[2])
            .unhandled(Unhandled.FAIL)
            .retry(RetryPolicy.exponential(Duration.ofHours(1), Duration.ofHours(1)));
    Behaviour behaviour = Behaviour.valueOf(args[8]);
    register(builder, EventDomain.of(args[3]), args[4], behaviour);
    builder.shards(
        ShardDataSources.of(
            Map.of(
                Stage.ONE,
                new TestDataSource() {
                  @Override
                  public Connection getConnection() throws SQLException {
                    Connection connection = DriverManager.getConnection(args[5], args[6], args[7]);
                    return behaviour == Behaviour.DIES_AFTER_COMMIT
                        ? deadly(connection)
                        : connection;
                  }
                })));
    builder.build().start();
  }

  private static void register(
      HandlerRuntimeBuilder builder, EventDomain domain, String eventType, Behaviour behaviour) {
    EventHandler failing =
        event -> {
          throw new IllegalStateException("always");
        };
    TransactionalEventHandler hanging =
        (event, connection) -> {
          TransactionalHandlersIT.addEffect(event, connection);
          new CountDownLatch(1).await();
        };
    switch (behaviour) {
      case READS_JSON ->
          builder.handler(
              domain, eventType, new JsonHandlers().of(Map.class, (payload, event) -> {}));
      case FAILS -> builder.handler(domain, eventType, failing);
      case HANGS_IN_TRANSACTION -> builder.transactionalHandler(domain, eventType, hanging);
      case DIES_AFTER_COMMIT ->
          builder.transactionalHandler(domain, eventType, TransactionalHandlersIT::addEffect);
    }
  }

  /** Ends the process directly after a commit, before the caller receives the answer. */
  private static Connection deadly(Connection target) {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (self, method, arguments) -> {
              try {
                Object result = method.invoke(target, arguments);
                if (method.getName().equals("commit")) {
                  Runtime.getRuntime().halt(9);
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** Kills the process like {@code kill -9}. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    awaitEnd();
  }

  void awaitEnd() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the worker has not ended within a minute");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
