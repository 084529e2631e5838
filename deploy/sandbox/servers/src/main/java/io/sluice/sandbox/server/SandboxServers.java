package io.sluice.sandbox.server;

import io.sluice.sandbox.server.api.KafkaSettings;
import io.sluice.sandbox.server.api.MySqlSettings;
import io.sluice.sandbox.server.internal.kafka.KafkaWays;
import io.sluice.sandbox.server.internal.mysql.MySqlWays;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * A real MySQL and a real Kafka.
 *
 * <pre>{@code
 * try (SandboxServers servers = SandboxServers.start()) {
 *   System.out.println(servers.description());
 * }
 * }</pre>
 *
 * <p>Thread-safe. The caller that starts them closes them.
 *
 * @param mysql the MySQL server
 * @param kafka the Kafka broker
 */
public record SandboxServers(MySqlServer mysql, KafkaServer kafka) implements AutoCloseable {

  /** Starts or finds both in parallel and waits until they are ready. */
  public static SandboxServers start() {
    return start(KafkaSettings.DEFAULT);
  }

  /** Starts or finds both, the broker with these settings. */
  public static SandboxServers start(KafkaSettings broker) {
    CompletableFuture<MySqlServer> mysql =
        CompletableFuture.supplyAsync(MySqlServer::start, thread("sandbox-mysql-start"));
    CompletableFuture<KafkaServer> kafka =
        CompletableFuture.supplyAsync(
            () -> KafkaServer.start(broker), thread("sandbox-kafka-start"));
    try {
      return mysql.thenCombine(kafka, SandboxServers::new).join();
    } catch (CompletionException e) {
      RuntimeException failure = e.getCause() instanceof RuntimeException cause ? cause : e;
      closeAfter(failure, mysql);
      closeAfter(failure, kafka);
      throw failure;
    }
  }

  /**
   * The products whose servers are named by the environment. Such servers cannot be stopped, killed
   * or restarted. This method starts nothing.
   */
  public static List<String> foreign() {
    return foreign(SandboxEnvironment.ofThisProcess());
  }

  static List<String> foreign(SandboxEnvironment environment) {
    List<String> products = new ArrayList<>();
    if (!MySqlWays.choose(environment, MySqlSettings.DEFAULT).isOurs()) {
      products.add("MySQL");
    }
    if (!KafkaWays.choose(environment, KafkaSettings.DEFAULT).isOurs()) {
      products.add("Kafka");
    }
    return products;
  }

  /** Versions, origins and addresses, in one line. */
  public String description() {
    return mysql.description() + ", " + kafka.description();
  }

  /** Closes both, the broker first. */
  @Override
  @SuppressWarnings("try") // The try statement closes in order and keeps suppressed errors.
  public void close() {
    try (MySqlServer last = mysql) {
      kafka.close();
    }
  }

  private static Executor thread(String name) {
    return work -> new Thread(work, name).start();
  }

  /** Closes the other server after one failed to start. */
  private static void closeAfter(
      RuntimeException failure, CompletableFuture<? extends AutoCloseable> server) {
    server
        .handle(
            (started, otherFailure) -> {
              try {
                if (started != null) {
                  started.close();
                } else if (!failure.equals(otherFailure.getCause())) {
                  failure.addSuppressed(otherFailure);
                }
              } catch (Exception e) {
                failure.addSuppressed(e);
              }
              return failure;
            })
        .join();
  }
}
