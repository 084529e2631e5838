package io.sluice.sandbox.server.internal.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotModifiedException;
import io.sluice.sandbox.server.api.ServerControlException;
import io.sluice.sandbox.server.api.ServerStartException;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.process.FreePort;
import io.sluice.sandbox.server.process.ServerControl;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;

/**
 * A Testcontainers container that can be killed and restarted at the same address with the same
 * data. Testcontainers does not support this. The host port is fixed, because the engine would
 * otherwise publish another random port at each start.
 *
 * <p>Testcontainers removes the container when this JVM ends. Ryuk removes it even if the JVM is
 * killed. If Ryuk is disabled, a shutdown hook removes it, which a killed JVM does not run.
 *
 * <p>Thread-safe by its monitor.
 */
public final class ContainerServer implements ServerControl {
  private static final int STOP_SECONDS = 30;

  private final GenericContainer<?> container;
  private final String process;
  private final ServingCheck check;

  private ContainerServer(GenericContainer<?> container, String process, ServingCheck check) {
    this.container = container;
    this.process = process;
    this.check = check;
  }

  /**
   * Starts a container with one exposed port and waits until its server serves clients.
   *
   * @param container the container, not started yet
   * @param process the name of the server's process in the container
   * @param serves whether the server serves clients
   */
  public static ContainerServer start(
      GenericContainer<?> container, String process, BooleanSupplier serves) {
    ContainerServer server = new ContainerServer(container, process, new ServingCheck(serves));
    server.launch();
    return server;
  }

  @Override
  public boolean isOurs() {
    return true;
  }

  @Override
  public synchronized void stop() {
    if (!container.isRunning()) {
      return;
    }
    try {
      // The engine signals the first process only, which in KafkaContainer is a shell that ignores
      // the signal.
      container.execInContainer("sh", "-c", "kill -TERM $(pidof " + process + ")");
      client().stopContainerCmd(container.getContainerId()).withTimeout(STOP_SECONDS).exec();
    } catch (NotModifiedException ended) {
      // The signal has already ended the container.
    } catch (IOException e) {
      throw new ServerControlException(name() + " cannot be stopped", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerControlException("Interrupted while stopping " + name(), e);
    }
  }

  @Override
  public synchronized void kill() {
    if (container.isRunning()) {
      client().killContainerCmd(container.getContainerId()).exec();
    }
  }

  @Override
  public synchronized void restart() {
    stop();
    client().startContainerCmd(container.getContainerId()).exec();
    if (!check.waitUntilStartupSuccessful(client(), container.getContainerId())) {
      throw startFailure("did not start again", null);
    }
  }

  @Override
  public synchronized void close() {
    container.stop();
  }

  private void launch() {
    container.setPortBindings(List.of(hostPort() + ":" + container.getExposedPorts().get(0)));
    container.withStartupCheckStrategy(check);
    try {
      container.start();
    } catch (RuntimeException e) {
      // The exception has no common type: it comes from the engine, an unreachable registry, or
      // Ryuk.
      throw startFailure("did not start (" + e.getMessage() + ")", e);
    }
  }

  /**
   * The host address and port to publish. An engine on this machine publishes on the loopback
   * address only. An engine on another machine must publish on all addresses.
   */
  private String hostPort() {
    String port = Integer.toString(FreePort.find());
    return List.of("localhost", "127.0.0.1").contains(container.getHost())
        ? "127.0.0.1:" + port
        : port;
  }

  private ServerStartException startFailure(String what, @Nullable Throwable cause) {
    return new ServerStartException(
        "%s %s. Its log:\n%s\nTo start the servers without Docker, set %s and %s."
            .formatted(
                name(),
                what,
                check.log(),
                SandboxEnvironment.MYSQL_WAY,
                SandboxEnvironment.KAFKA_WAY),
        cause);
  }

  private DockerClient client() {
    return container.getDockerClient();
  }

  private String name() {
    return "The container of " + container.getDockerImageName();
  }
}
