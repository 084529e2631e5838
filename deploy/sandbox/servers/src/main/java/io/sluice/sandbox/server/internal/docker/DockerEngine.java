package io.sluice.sandbox.server.internal.docker;

import io.sluice.sandbox.server.internal.way.Applicability;
import io.sluice.sandbox.server.internal.way.Applicability.Applies;
import io.sluice.sandbox.server.internal.way.Applicability.DoesNotApply;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;

/** The Docker engine, as Testcontainers finds it. */
public final class DockerEngine {
  private DockerEngine() {}

  /** Whether an engine answers. */
  public static Applicability check(SandboxEnvironment environment) {
    if (!mayBeThere(environment)) {
      return new DoesNotApply("DOCKER_HOST is not set and there is no socket of a Docker engine");
    }
    return DockerClientFactory.instance().isDockerAvailable()
        ? new Applies()
        : new DoesNotApply("no Docker engine answers Testcontainers");
  }

  /**
   * Whether an engine may exist. Avoids the stack traces that Testcontainers logs if it finds none.
   */
  private static boolean mayBeThere(SandboxEnvironment environment) {
    Path home = Path.of(System.getProperty("user.home"));
    Optional<Path> runtime = environment.value("XDG_RUNTIME_DIR").map(Path::of);
    return environment.value("DOCKER_HOST").isPresent()
        || System.getProperty("os.name").startsWith("Windows")
        || Stream.concat(
                runtime.stream().map(folder -> folder.resolve("docker.sock")),
                Stream.of(
                    Path.of("/var/run/docker.sock"),
                    home.resolve(".docker/run/docker.sock"),
                    home.resolve(".docker/desktop/docker.sock")))
            .anyMatch(Files::exists)
        || namesAnEngine(home.resolve(".testcontainers.properties"));
  }

  /** Whether the file contains the address of an engine. Testcontainers creates it without one. */
  private static boolean namesAnEngine(Path settings) {
    try {
      return Files.exists(settings)
          && Files.readAllLines(settings).stream().anyMatch(line -> line.startsWith("docker.host"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
