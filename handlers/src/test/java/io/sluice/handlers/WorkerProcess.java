package io.sluice.handlers;

import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.api.Unhandled;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.TopicTemplate;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A worker in a process of its own, whose only handler always fails; retries are an hour away. */
final class WorkerProcess implements AutoCloseable {

  private final Process process;

  private WorkerProcess(Process process) {
    this.process = process;
  }

  static WorkerProcess failing(Stage stage, EventDomain domain, String eventType)
      throws IOException, SQLException {
    try (Connection connection = stage.workerSource(Stage.ONE).getConnection()) {
      return new WorkerProcess(
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      "-cp",
                      System.getProperty("java.class.path"),
                      WorkerProcess.class.getName(),
                      String.valueOf(stage.kafka().get("bootstrap.servers")),
                      stage.topics().text(),
                      stage.groupPrefix(),
                      domain.name(),
                      eventType,
                      connection.getMetaData().getURL(),
                      stage.workerLogin(Stage.ONE).user(),
                      stage.workerLogin(Stage.ONE).password()))
              .inheritIO()
              .start());
    }
  }

  public static void main(String[] args) {
    HandlerRuntime runtime =
        HandlerRuntime.builder()
            .kafka(Map.of("bootstrap.servers", args[0], "session.timeout.ms", 6000))
            .topics(new TopicTemplate(args[1]))
            .groupPrefix(args[2])
            .unhandled(Unhandled.FAIL)
            .handler(
                EventDomain.of(args[3]),
                args[4],
                event -> {
                  throw new IllegalStateException("always");
                })
            .shards(
                ShardDataSources.of(
                    Map.of(
                        Stage.ONE,
                        new TestDataSource() {
                          @Override
                          public Connection getConnection() throws SQLException {
                            return DriverManager.getConnection(args[5], args[6], args[7]);
                          }
                        })))
            .retry(RetryPolicy.exponential(Duration.ofHours(1), Duration.ofHours(1)))
            .build();
    runtime.start();
  }

  /** As {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(60, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
