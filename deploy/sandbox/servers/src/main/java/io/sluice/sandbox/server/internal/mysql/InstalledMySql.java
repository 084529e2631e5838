package io.sluice.sandbox.server.internal.mysql;

import io.sluice.sandbox.server.api.MySqlSettings;
import io.sluice.sandbox.server.internal.way.Applicability;
import io.sluice.sandbox.server.internal.way.Applicability.Applies;
import io.sluice.sandbox.server.internal.way.Applicability.DoesNotApply;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.internal.way.Way;
import io.sluice.sandbox.server.process.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The server program of an installed MySQL. */
record InstalledMySql(SandboxEnvironment environment, MySqlSettings settings)
    implements Way<RunningMySql> {
  private static final String PROGRAM = "mysqld";

  @Override
  public String name() {
    return "path";
  }

  @Override
  public Applicability check() {
    Optional<Mysqld> mysqld = find();
    if (mysqld.isEmpty()) {
      return new DoesNotApply("there is no mysqld on PATH nor under MYSQL_HOME");
    }
    Command.Outcome version =
        Command.run(
            Stream.concat(mysqld.get().launcher().stream(), Stream.of("--version")).toList(),
            Map.of(),
            Duration.ofSeconds(20));
    if (version.status() != 0 || version.output().contains("MariaDB")) {
      return new DoesNotApply(
          mysqld.get().launcher().get(0) + " is no MySQL: " + version.output().strip());
    }
    return new Applies();
  }

  @Override
  public RunningMySql start() {
    return find().orElseThrow().start(environment, settings);
  }

  private Optional<Mysqld> find() {
    return environment.value("MYSQL_HOME").map(Path::of).flatMap(this::below).or(this::onPath);
  }

  private Optional<Mysqld> below(Path home) {
    return Stream.of("bin", "sbin", "libexec")
        .map(folder -> home.resolve(folder).resolve(PROGRAM))
        .filter(Files::isExecutable)
        .findFirst()
        .map(
            file ->
                new Mysqld(
                    List.of(file.toString()), List.of("--basedir=" + home), "under MYSQL_HOME"));
  }

  private Optional<Mysqld> onPath() {
    return environment
        .executable(PROGRAM)
        .map(file -> new Mysqld(List.of(file.toString()), List.of(), "mysqld on PATH"));
  }
}
