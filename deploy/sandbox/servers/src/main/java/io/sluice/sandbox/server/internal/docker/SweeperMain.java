package io.sluice.sandbox.server.internal.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import io.sluice.sandbox.server.process.Await;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.testcontainers.DockerClientFactory;

/**
 * The process behind {@link ContainerSweeper}: waits for the end of its standard input, which is
 * the end of the JVM that started it, then removes the containers with the label given.
 */
final class SweeperMain {
  private static final Duration BOUND = Duration.ofSeconds(40);

  /** How long no container must have been seen: the engine may be busy making one. */
  private static final Duration QUIET = Duration.ofSeconds(2);

  private SweeperMain() {}

  public static void main(String[] arguments) throws IOException {
    System.in.transferTo(OutputStream.nullOutputStream());
    Map<String, String> label = Map.of(ContainerSweeper.LABEL, arguments[0]);
    DockerClient client = DockerClientFactory.lazyClient();
    long deadline = System.nanoTime() + BOUND.toNanos();
    while (Await.until(QUIET, () -> !containers(client, label).isEmpty())) {
      containers(client, label).forEach(container -> remove(client, container));
      if (System.nanoTime() - deadline >= 0) {
        throw new IOException("containers are still there after " + BOUND);
      }
    }
  }

  private static List<Container> containers(DockerClient client, Map<String, String> label) {
    return client.listContainersCmd().withShowAll(true).withLabelFilter(label).exec();
  }

  private static void remove(DockerClient client, Container container) {
    try {
      client.removeContainerCmd(container.getId()).withForce(true).withRemoveVolumes(true).exec();
    } catch (NotFoundException gone) {
      // It is what was asked for.
    }
  }
}
