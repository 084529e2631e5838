package io.sluice.sandbox.server.internal.mysql;

import io.sluice.sandbox.server.api.MySqlAddress;
import io.sluice.sandbox.server.api.MySqlSettings;
import io.sluice.sandbox.server.process.ServerProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A {@code mysqld} with a separate data folder. */
record MysqldProgram(Mysqld mysqld, Path folder, MySqlAddress address, MySqlSettings settings)
    implements ServerProgram {
  /**
   * The arguments of every server, including those in containers. They do not set the row format,
   * because it is the default of every supported version and the option is deprecated.
   */
  static final List<String> REPLICATION_AND_DURABILITY =
      List.of(
          "--server-id=1",
          "--log-bin=binlog",
          "--binlog-row-image=FULL",
          "--gtid-mode=ON",
          "--enforce-gtid-consistency=ON",
          "--sync-binlog=1",
          "--innodb-flush-log-at-trx-commit=1",
          // Enough for a hundred shards on one server, each with pools of services and workers.
          "--max-connections=2000");

  /**
   * A path relative to the data folder, because an absolute path may exceed the maximum length of a
   * socket's address.
   */
  private static final String SOCKET = "mysqld.sock";

  private static final String ADMINISTRATOR =
      """
      SET SESSION sql_log_bin = OFF;
      CREATE USER '%1$s'@'%%' IDENTIFIED BY '%2$s';
      GRANT ALL ON *.* TO '%1$s'@'%%' WITH GRANT OPTION;
      """;

  @Override
  public String name() {
    return "mysqld";
  }

  @Override
  public List<String> command() {
    List<String> command = new ArrayList<>(List.of("env"));
    settings.environment().forEach((name, value) -> command.add(name + "=" + value));
    command.addAll(mysqld.command(data()));
    command.addAll(
        List.of(
            "--bind-address=" + address.host(),
            "--port=" + address.port(),
            "--socket=" + SOCKET,
            "--pid-file=mysqld.pid",
            "--init-file=" + statements()));
    command.addAll(REPLICATION_AND_DURABILITY);
    command.addAll(settings.arguments());
    return command;
  }

  /** Creates the data folder, and a script with which the first start creates the administrator. */
  void prepare(DataFolderTemplate template) {
    template.copyTo(data());
    writeStatements(ADMINISTRATOR.formatted(address.admin().user(), address.admin().password()));
  }

  /** Empties the script, because the next start must not create the administrator again. */
  @Override
  public void afterStart() {
    writeStatements("");
  }

  /**
   * Removes the lock of the socket. A killed server leaves it, and the next start fails if the
   * process id was reused.
   */
  @Override
  public void beforeStart() {
    try {
      Files.deleteIfExists(data().resolve(SOCKET + ".lock"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean isReady() {
    return MySqlProbe.isReady(address);
  }

  private void writeStatements(String statements) {
    try {
      Files.writeString(statements(), statements);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path statements() {
    return folder.resolve("administrator.sql");
  }

  private Path data() {
    return folder.resolve("data");
  }
}
