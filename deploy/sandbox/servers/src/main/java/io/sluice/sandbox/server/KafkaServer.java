package io.sluice.sandbox.server;

import io.sluice.sandbox.server.api.KafkaSettings;
import io.sluice.sandbox.server.internal.kafka.KafkaWays;
import io.sluice.sandbox.server.internal.kafka.RunningKafka;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.process.ForeignControl;
import io.sluice.sandbox.server.process.ServerControl;

/**
 * A real Kafka broker: the first that is available of one named by the environment, one in a
 * container, and one from its Maven artifacts.
 *
 * <p>A broker that is started here is a cluster of one node and creates no topic automatically. It
 * ends and its data is removed when it is closed or when this JVM ends. If this JVM is killed, a
 * container remains where Ryuk is disabled. A broker named by the environment is never stopped.
 *
 * <pre>{@code
 * try (KafkaServer kafka = KafkaServer.start()) {
 *   Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
 * }
 * }</pre>
 *
 * <p>Thread-safe. The caller that starts it closes it.
 */
public final class KafkaServer implements AutoCloseable {
  private final String bootstrapServers;
  private final String description;
  private final ServerControl control;

  private KafkaServer(String bootstrapServers, String description, ServerControl control) {
    this.bootstrapServers = bootstrapServers;
    this.description = description;
    this.control = control;
  }

  /** Starts or finds a default broker and waits until it is ready. */
  public static KafkaServer start() {
    return start(KafkaSettings.DEFAULT);
  }

  /** Starts or finds a broker with further settings and waits until it is ready. */
  public static KafkaServer start(KafkaSettings settings) {
    return start(SandboxEnvironment.ofThisProcess(), settings);
  }

  static KafkaServer start(SandboxEnvironment environment, KafkaSettings settings) {
    RunningKafka running = KafkaWays.choose(environment, settings).start();
    String version = running.version().isEmpty() ? "" : " " + running.version();
    String description =
        "Kafka%s (%s) at %s".formatted(version, running.how(), running.bootstrapServers());
    return new KafkaServer(running.bootstrapServers(), description, running.control());
  }

  /**
   * A broker that was started elsewhere.
   *
   * @param description its version, origin and address, in a few words
   * @param owner who started it and what to do instead, as the end of a sentence
   */
  public static KafkaServer attach(String bootstrapServers, String description, String owner) {
    return new KafkaServer(bootstrapServers, description, new ForeignControl(owner));
  }

  /** The value of {@code bootstrap.servers} for clients. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** Version, origin and address, for output. */
  public String description() {
    return description;
  }

  /** Whether this object started the broker, so that it may be stopped, killed and restarted. */
  public boolean isOurs() {
    return control.isOurs();
  }

  /**
   * Shuts the broker down in an orderly way and waits for its end; its data stays.
   *
   * @throws UnsupportedOperationException where others started it
   */
  public void stop() {
    control.stop();
  }

  /**
   * Kills the broker (SIGKILL) and waits for its end; its data stays.
   *
   * @throws UnsupportedOperationException where others started it
   */
  public void kill() {
    control.kill();
  }

  /**
   * Starts the broker on the same port and data, ready for use; stops it first where it runs.
   *
   * @throws UnsupportedOperationException where others started it
   */
  public void restart() {
    control.restart();
  }

  /** Ends the broker and removes its data, where it is ours. Idempotent, bounded. */
  @Override
  public void close() {
    control.close();
  }
}
