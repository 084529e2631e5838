package io.sluice.sandbox.server;

import io.sluice.sandbox.server.api.KafkaSettings;
import io.sluice.sandbox.server.internal.kafka.KafkaWays;
import io.sluice.sandbox.server.internal.kafka.RunningKafka;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.process.ForeignControl;
import io.sluice.sandbox.server.process.ServerControl;

/**
 * A real Kafka broker. The first one available is used: named by the environment, in a container,
 * or from its Maven artifacts.
 *
 * <p>A broker that this class starts is a cluster of one node and creates no topic automatically.
 * The broker is stopped and its data removed when it is closed or when this JVM ends. If this JVM
 * is killed and Ryuk is disabled, a container remains. A broker named by the environment is never
 * stopped.
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
   * Attaches to a broker that was started elsewhere.
   *
   * @param description its version, origin and address, in a few words
   * @param owner the end of the error message for control operations: who started the broker and
   *     what to do instead
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
   * Shuts the broker down in an orderly way and waits until it has ended. Its data is kept.
   *
   * @throws UnsupportedOperationException if the broker was started elsewhere
   */
  public void stop() {
    control.stop();
  }

  /**
   * Kills the broker (SIGKILL) and waits until it has ended. Its data is kept.
   *
   * @throws UnsupportedOperationException if the broker was started elsewhere
   */
  public void kill() {
    control.kill();
  }

  /**
   * Starts the broker with the same port and data, and waits until it is ready. Stops it first if
   * it runs.
   *
   * @throws UnsupportedOperationException if the broker was started elsewhere
   */
  public void restart() {
    control.restart();
  }

  /** Ends the broker and removes its data, if this object started it. Idempotent, bounded. */
  @Override
  public void close() {
    control.close();
  }
}
