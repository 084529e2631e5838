package io.sluice.relay.kafka;

import io.sluice.relay.shard.RootCause;
import io.sluice.relay.shard.TransientException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;

/**
 * Kafka's admin client with bounded calls and one kind of failure. The only place that opens such a
 * client. Thread-safe; the caller that opens it closes it.
 */
public final class KafkaAdmin implements AutoCloseable {

  /** Longer than the client's own timeout, so that it reports the cause. */
  private static final Duration LIMIT = KafkaSettings.ADMIN_TIMEOUT.multipliedBy(2);

  private final Admin admin;

  private KafkaAdmin(Admin admin) {
    this.admin = admin;
  }

  /**
   * Opens a client.
   *
   * @throws TransientException if it cannot be created, as when no broker's name can be resolved
   */
  public static KafkaAdmin open(KafkaSettings kafka) {
    try {
      return new KafkaAdmin(Admin.create(kafka.forAdmin()));
    } catch (KafkaException e) {
      throw new TransientException(
          "the brokers at %s cannot be found: %s"
              .formatted(kafka.bootstrapServers(), RootCause.of(e).getMessage()),
          e);
    }
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @param problem what has failed if the request fails; begins the message
   * @throws TransientException if Kafka refuses the request or does not answer; the cause is
   *     Kafka's exception
   */
  public <T> T await(String problem, Function<Admin, KafkaFuture<T>> request) {
    return await(problem, request.apply(admin));
  }

  /**
   * Waits for one of the answers to a request for several.
   *
   * @throws TransientException if Kafka refuses the request or does not answer; the cause is
   *     Kafka's exception
   */
  public static <T> T await(String problem, KafkaFuture<T> answer) {
    try {
      return answer.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new TransientException(problem + ": " + cause, cause);
    } catch (TimeoutException e) {
      throw new TransientException(
          "%s: Kafka did not answer within %d s".formatted(problem, LIMIT.toSeconds()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransientException(problem + ": interrupted", e);
    }
  }

  /** Sends a request without waiting for its answers. */
  public <T> T send(Function<Admin, T> request) {
    return request.apply(admin);
  }

  /**
   * The settings of existing topics.
   *
   * @return values by setting, by topic; empty for a topic whose settings the relay may not read
   * @throws TransientException if Kafka does not answer
   */
  public Map<String, Optional<Map<String, String>>> topicSettings(Collection<String> topics) {
    List<ConfigResource> resources =
        topics.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
    Map<String, Optional<Map<String, String>>> settings = new TreeMap<>();
    admin
        .describeConfigs(resources)
        .values()
        .forEach((topic, answer) -> settings.put(topic.name(), settings(topic.name(), answer)));
    return settings;
  }

  private static Optional<Map<String, String>> settings(String topic, KafkaFuture<Config> answer) {
    try {
      return Optional.of(
          await("settings of topic %s could not be read".formatted(topic), answer)
              .entries()
              .stream()
              .filter(entry -> entry.value() != null)
              .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value)));
    } catch (TransientException e) {
      if (e.getCause() instanceof AuthorizationException) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
