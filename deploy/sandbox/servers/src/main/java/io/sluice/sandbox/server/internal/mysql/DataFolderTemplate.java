package io.sluice.sandbox.server.internal.mysql;

import io.sluice.sandbox.server.api.MySqlSettings;
import io.sluice.sandbox.server.api.ServerStartException;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.process.CachedFolder;
import io.sluice.sandbox.server.process.Command;
import io.sluice.sandbox.server.process.Folder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * An initialised data folder. Servers start with a copy of it, because initialising a data folder
 * takes most of the start-up time. The template is cached for each server program.
 *
 * @param environment the environment that locates the cache
 * @param mysqld the server program
 * @param settings of the server; some arguments are needed at initialisation
 */
record DataFolderTemplate(SandboxEnvironment environment, Mysqld mysqld, MySqlSettings settings) {
  private static final Duration BOUND = Duration.ofMinutes(2);
  private static final List<String> AT_INITIALISATION =
      List.of("--lower-case-table-names", "--innodb-");

  /** Copies the template to a path that does not exist yet. */
  void copyTo(Path data) {
    Path template = cached().filledBy(this::initialise);
    try {
      Folder.copy(template, data);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot copy " + template + " to " + data, e);
    }
  }

  private CachedFolder cached() {
    String origin = mysqld.fingerprint() + arguments();
    UUID key = UUID.nameUUIDFromBytes(origin.getBytes(StandardCharsets.UTF_8));
    return environment.cached("mysql-data-" + key);
  }

  private Path initialise(Path part) throws IOException {
    Path data = part.resolve("data");
    List<String> command = new ArrayList<>(mysqld.command(data));
    command.addAll(arguments());
    // A small redo log is faster to copy. The server enlarges it when it starts.
    command.addAll(
        List.of("--initialize-insecure", "--skip-log-bin", "--innodb-redo-log-capacity=8M"));
    Command.Outcome outcome = Command.run(command, Map.of(), BOUND);
    if (outcome.status() != 0) {
      throw new ServerStartException(
          "mysqld could not initialise a data folder, status %d:\n%s"
              .formatted(outcome.status(), outcome.output()));
    }
    // The file contains the server's UUID. Each server generates its own.
    Files.delete(data.resolve("auto.cnf"));
    return data;
  }

  private List<String> arguments() {
    return settings.arguments().stream()
        .filter(argument -> AT_INITIALISATION.stream().anyMatch(argument::startsWith))
        .toList();
  }
}
