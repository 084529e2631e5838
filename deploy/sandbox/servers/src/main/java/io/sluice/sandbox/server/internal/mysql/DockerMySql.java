package io.sluice.sandbox.server.internal.mysql;

import io.sluice.sandbox.server.api.Login;
import io.sluice.sandbox.server.api.MySqlAddress;
import io.sluice.sandbox.server.api.MySqlSettings;
import io.sluice.sandbox.server.internal.docker.ContainerServer;
import io.sluice.sandbox.server.internal.docker.DockerEngine;
import io.sluice.sandbox.server.internal.way.Applicability;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.internal.way.Way;
import java.util.UUID;
import java.util.stream.Stream;
import org.testcontainers.mysql.MySQLContainer;

/** The official image in Testcontainers' {@link MySQLContainer}. */
record DockerMySql(SandboxEnvironment environment, MySqlSettings settings)
    implements Way<RunningMySql> {
  private static final String IMAGE = "mysql:9.7";

  @Override
  public String name() {
    return "docker";
  }

  @Override
  public Applicability check() {
    return DockerEngine.check(environment);
  }

  // The ContainerServer closes the container.
  @SuppressWarnings("resource")
  @Override
  public RunningMySql start() {
    Login root = new Login("root", UUID.randomUUID().toString());
    MySQLContainer container =
        new MySQLContainer(IMAGE)
            .withUsername(root.user())
            .withPassword(root.password())
            .withEnv(settings.environment())
            .withCommand(arguments());
    ContainerServer server =
        ContainerServer.start(
            container, "mysqld", () -> MySqlProbe.isReady(address(container, root)));
    MySqlAddress address = address(container, root);
    return new RunningMySql(address, MySqlProbe.version(address), "Docker image " + IMAGE, server);
  }

  private static MySqlAddress address(MySQLContainer container, Login root) {
    return new MySqlAddress(
        container.getHost(), container.getMappedPort(MySQLContainer.MYSQL_PORT), "", root);
  }

  private String[] arguments() {
    return Stream.concat(
            MysqldProgram.REPLICATION_AND_DURABILITY.stream(), settings.arguments().stream())
        .toArray(String[]::new);
  }
}
