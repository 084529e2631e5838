package io.sluice.sandbox.server.internal.mysql;

import io.sluice.sandbox.server.api.Login;
import io.sluice.sandbox.server.api.MySqlAddress;
import io.sluice.sandbox.server.api.MySqlSettings;
import io.sluice.sandbox.server.internal.docker.DockerEngine;
import io.sluice.sandbox.server.internal.docker.GuardedContainer;
import io.sluice.sandbox.server.internal.docker.PublishedPort;
import io.sluice.sandbox.server.internal.docker.ServerImage;
import io.sluice.sandbox.server.internal.way.Applicability;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.internal.way.Way;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The official image. Testcontainers' own MySQL container is not used: it brings a configuration
 * that cuts limits, packets of more than a megabyte among them.
 */
record DockerMySql(SandboxEnvironment environment, MySqlSettings settings)
    implements Way<RunningMySql> {
  private static final ServerImage IMAGE = new ServerImage("mysql:9.7", 3306);

  @Override
  public String name() {
    return "docker";
  }

  @Override
  public Applicability check() {
    return DockerEngine.check(environment);
  }

  @Override
  public RunningMySql start() {
    Login root = new Login("root", UUID.randomUUID().toString());
    PublishedPort published = PublishedPort.choose(environment);
    MySqlAddress address = new MySqlAddress(published.host(), published.port(), "", root);
    GuardedContainer container =
        GuardedContainer.start(
            IMAGE,
            published,
            mysql -> mysql.withEnv("MYSQL_ROOT_PASSWORD", root.password()).withCommand(arguments()),
            () -> MySqlProbe.isReady(address));
    return new RunningMySql(
        address, MySqlProbe.version(address), "Docker image " + IMAGE.name(), container);
  }

  private String[] arguments() {
    return Stream.concat(
            MysqldArguments.REPLICATION_AND_DURABILITY.stream(), settings.arguments().stream())
        .toArray(String[]::new);
  }
}
