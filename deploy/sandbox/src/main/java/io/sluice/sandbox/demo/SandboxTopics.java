package io.sluice.sandbox.demo;

import io.sluice.sandbox.server.KafkaServer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaFuture;

/** The topics of a run. Closing deletes them if the sandbox did not start the broker. */
final class SandboxTopics implements AutoCloseable {

  private static final long TIMEOUT_SECONDS = 30;
  private static final String RELAY_TOPICS = "sandbox.";

  private final KafkaServer kafka;
  private final List<String> names;

  private SandboxTopics(KafkaServer kafka, List<String> names) {
    this.kafka = kafka;
    this.names = names;
  }

  /**
   * Checks that none of the topics exists.
   *
   * @throws IllegalStateException if a topic exists, because its records would be counted with
   *     those of this run
   */
  static SandboxTopics claim(KafkaServer kafka, List<String> names) {
    SandboxTopics topics = new SandboxTopics(kafka, names);
    try (Admin admin = topics.admin()) {
      List<String> existing = topics.existing(admin);
      if (!existing.isEmpty()) {
        throw new IllegalStateException(
            "topics %s are on %s already: the sandbox does not touch what it did not make; delete"
                    .formatted(existing, kafka.description())
                + " them or name another broker");
      }
    }
    return topics;
  }

  private List<String> existing(Admin admin) {
    return await("listing topics", admin.listTopics().names()).stream()
        .filter(name -> names.contains(name) || name.startsWith(RELAY_TOPICS))
        .toList();
  }

  private Admin admin() {
    return Admin.create(
        Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()));
  }

  private static <T> T await(String what, KafkaFuture<T> future) {
    try {
      return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(what + " failed: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(what + " was interrupted", e);
    }
  }

  @Override
  public void close() {
    if (kafka.isOurs()) {
      return;
    }
    try (Admin admin = admin()) {
      await("deleting topics", admin.deleteTopics(existing(admin)).all());
    }
  }
}
