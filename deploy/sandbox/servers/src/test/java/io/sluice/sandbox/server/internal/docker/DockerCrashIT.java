package io.sluice.sandbox.server.internal.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.model.Container;
import io.sluice.sandbox.server.ChildJvm;
import io.sluice.sandbox.server.ServersMain;
import io.sluice.sandbox.server.internal.way.Applicability.Applies;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.process.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;

/**
 * Checks that Testcontainers removes the containers of a JVM that ends without closing its servers.
 */
@Tag("containers")
class DockerCrashIT {
  private static final Duration BOUND = Duration.ofMinutes(1);
  private static final String RYUK_DISABLED = "TESTCONTAINERS_RYUK_DISABLED";
  private static final Map<String, String> DOCKER =
      Map.of(SandboxEnvironment.MYSQL_WAY, "docker", SandboxEnvironment.KAFKA_WAY, "docker");

  @TempDir private Path temporary;

  @BeforeAll
  static void needsDocker() {
    assumeTrue(
        DockerEngine.check(SandboxEnvironment.ofThisProcess()) instanceof Applies,
        "no Docker engine answers");
  }

  @Test
  void containersAreRemovedWhenTheJvmEndsWithoutClosing() throws IOException {
    assertRemovedAfter(child -> child.process().getOutputStream().close());
  }

  /** Only Ryuk can do this: a killed JVM runs no shutdown hooks. */
  @Test
  void containersAreRemovedByRyukWhenTheJvmIsKilled() throws IOException {
    assumeFalse(
        SandboxEnvironment.ofThisProcess()
            .value(RYUK_DISABLED)
            .filter("true"::equalsIgnoreCase)
            .isPresent(),
        "Ryuk is disabled by " + RYUK_DISABLED);
    assertRemovedAfter(child -> child.process().destroyForcibly());
  }

  private void assertRemovedAfter(JvmEnd end) throws IOException {
    try (ChildJvm child = ChildJvm.start(temporary, ServersMain.class, DOCKER)) {
      String description = child.awaitLine("ready ");
      assertEquals(2, containers(description).size(), description);
      end.of(child);
      assertTrue(
          Await.until(BOUND, () -> containers(description).isEmpty()),
          () -> "left behind: " + containers(description));
    }
  }

  /** The containers of Testcontainers that publish a port the description names. */
  private static List<String> containers(String description) {
    return DockerClientFactory.lazyClient()
        .listContainersCmd()
        .withShowAll(true)
        .withLabelFilter(DockerClientFactory.DEFAULT_LABELS)
        .exec()
        .stream()
        .filter(container -> publishes(container, description))
        .map(Container::getImage)
        .toList();
  }

  private static boolean publishes(Container container, String description) {
    return Arrays.stream(container.getPorts())
        .anyMatch(port -> description.contains(":" + port.getPublicPort()));
  }

  private interface JvmEnd {
    void of(ChildJvm child) throws IOException;
  }
}
