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
 * An initialised data folder that servers start with a copy of, because initialising one takes most
 * of the time of a start. It is cached for each server program.
 *
 * @param environment where the cache is found
 * @param mysqld the server program
 * @param settings of which some arguments must be given at the initialisation
 */
record DataFolderTemplate(SandboxEnvironment environment, Mysqld mysqld, MySqlSettings settings) {
  private static final Duration BOUND = Duration.ofMinutes(2);
  private static final List<String> AT_INITIALISATION =
      List.of("--lower-case-table-names", "--innodb-");

  /** Makes a data folder with the template's content at a path where nothing is yet. */
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
    // The server enlarges the redo log when it starts; a copy of the small one is faster.
    command.addAll(
        List.of("--initialize-insecure", "--skip-log-bin", "--innodb-redo-log-capacity=8M"));
    Command.Outcome outcome = Command.run(command, Map.of(), BOUND);
    if (outcome.status() != 0) {
      throw new ServerStartException(
          "mysqld could not initialise a data folder, status %d:\n%s"
              .formatted(outcome.status(), outcome.output()));
    }
    // The server's UUID: each server generates its own.
    Files.delete(data.resolve("auto.cnf"));
    return data;
  }

  private List<String> arguments() {
    return settings.arguments().stream()
        .filter(argument -> AT_INITIALISATION.stream().anyMatch(argument::startsWith))
        .toList();
  }
}
