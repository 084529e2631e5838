package io.sluice.sandbox.server.internal.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotModifiedException;
import io.sluice.sandbox.server.api.ServerStartException;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.process.Await;
import io.sluice.sandbox.server.process.ServerControl;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/**
 * A container on a fixed port, so that it can be killed and started again, which is removed however
 * this JVM ends. Thread-safe by its monitor.
 */
public final class GuardedContainer implements ServerControl {
  private static final Duration READY = Duration.ofMinutes(2);
  private static final int STOP_SECONDS = 30;

  private final String image;
  private final GenericContainer<?> container;
  private final ContainerSweeper sweeper;
  private final BooleanSupplier ready;

  private GuardedContainer(
      String image,
      GenericContainer<?> container,
      ContainerSweeper sweeper,
      BooleanSupplier ready) {
    this.image = image;
    this.container = container;
    this.sweeper = sweeper;
    this.ready = ready;
  }

  /**
   * Starts a container and waits until its server serves.
   *
   * @param image the image and the port its server listens on
   * @param published where it is to be reached
   * @param configure gives the container what the server needs
   * @param ready looks whether the server serves
   */
  public static GuardedContainer start(
      ServerImage image,
      PublishedPort published,
      Consumer<GenericContainer<?>> configure,
      BooleanSupplier ready) {
    ImagePull.unlessPresent(image.name());
    String label = UUID.randomUUID().toString();
    GenericContainer<?> container = new GenericContainer<>(image.name());
    configure.accept(container);
    container
        .withLabel(ContainerSweeper.LABEL, label)
        .waitingFor(new NoWait())
        .setPortBindings(List.of(published.binding(image.port())));
    ContainerSweeper sweeper = ContainerSweeper.start(label, published.ryukRuns());
    GuardedContainer guarded = new GuardedContainer(image.name(), container, sweeper, ready);
    try {
      guarded.launch();
      return guarded;
    } catch (RuntimeException e) {
      guarded.closeAfter(e);
      throw e;
    }
  }

  @Override
  public boolean isOurs() {
    return true;
  }

  @Override
  public synchronized void stop() {
    try {
      client().stopContainerCmd(container.getContainerId()).withTimeout(STOP_SECONDS).exec();
    } catch (NotModifiedException stoppedAlready) {
      // It is what was asked for.
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
    awaitReady();
  }

  /** Where removing the container fails, the sweeper stays and does it when this JVM ends. */
  @Override
  public synchronized void close() {
    container.stop();
    sweeper.dismiss();
  }

  /** Testcontainers throws many things: the engine's refusals, a registry out of reach, Ryuk's. */
  private void launch() {
    try {
      container.start();
    } catch (RuntimeException e) {
      throw failure("did not start (" + e.getMessage() + ")", e);
    }
    awaitReady();
  }

  private void awaitReady() {
    boolean decided = Await.until(READY, () -> ready.getAsBoolean() || !container.isRunning());
    if (!container.isRunning()) {
      throw failure("ended while starting", null);
    }
    if (!decided) {
      throw failure("was not ready after " + READY, null);
    }
  }

  private ServerStartException failure(String what, @Nullable Throwable cause) {
    String log =
        Optional.ofNullable(container.getContainerId())
            .map(id -> " Its log:\n" + container.getLogs())
            .orElse("");
    return new ServerStartException(
        "The container of "
            + image
            + " "
            + what
            + "."
            + log
            + "\n"
            + SandboxEnvironment.MYSQL_WAY
            + " and "
            + SandboxEnvironment.KAFKA_WAY
            + " name other ways than docker.",
        cause);
  }

  private void closeAfter(RuntimeException failure) {
    try {
      close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private static DockerClient client() {
    return DockerClientFactory.instance().client();
  }
}
