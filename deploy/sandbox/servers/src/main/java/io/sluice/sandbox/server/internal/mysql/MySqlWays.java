package io.sluice.sandbox.server.internal.mysql;

import io.sluice.sandbox.server.api.MySqlSettings;
import io.sluice.sandbox.server.internal.way.Choice;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.internal.way.Way;
import java.util.List;

/** The ways to get MySQL, in the order of preference. */
public final class MySqlWays {
  private MySqlWays() {}

  /** The first way that applies on this machine. */
  public static Way<RunningMySql> choose(SandboxEnvironment environment, MySqlSettings settings) {
    String variable = SandboxEnvironment.MYSQL_WAY;
    return new Choice("MySQL", variable, environment.value(variable).orElse(""))
        .among(all(environment, settings));
  }

  static List<Way<RunningMySql>> all(SandboxEnvironment environment, MySqlSettings settings) {
    return List.of(
        new EnvironmentMySql(environment, settings),
        new DockerMySql(environment, settings),
        new InstalledMySql(environment, settings),
        new DebianMySql(environment, settings));
  }
}
