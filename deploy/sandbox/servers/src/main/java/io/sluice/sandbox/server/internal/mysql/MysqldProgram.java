package io.sluice.sandbox.server.internal.mysql;

import io.sluice.sandbox.server.api.MySqlAddress;
import io.sluice.sandbox.server.api.MySqlSettings;
import io.sluice.sandbox.server.process.ServerProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A {@code mysqld} with its data in a folder of its own. */
record MysqldProgram(Mysqld mysqld, Path folder, MySqlAddress address, MySqlSettings settings)
    implements ServerProgram {
  /** Relative to the data folder: an absolute path may exceed what a socket's address can hold. */
  private static final String SOCKET = "mysqld.sock";

  @Override
  public String name() {
    return "mysqld";
  }

  @Override
  public List<String> command() {
    List<String> command = common();
    command.addAll(
        List.of(
            "--bind-address=" + address.host(),
            "--port=" + address.port(),
            "--socket=" + SOCKET,
            "--pid-file=mysqld.pid"));
    command.addAll(MysqldArguments.REPLICATION_AND_DURABILITY);
    command.addAll(settings.arguments());
    return command;
  }

  /** The command that makes the data folder. */
  List<String> initialiseCommand(Path statements) {
    List<String> command = common();
    command.addAll(settings.arguments());
    command.addAll(List.of("--initialize-insecure", "--skip-log-bin", "--init-file=" + statements));
    return command;
  }

  /**
   * A killed server leaves its socket's lock, and refuses to start if the process id was reused.
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

  @Override
  public Duration readyWithin() {
    return Duration.ofSeconds(90);
  }

  private List<String> common() {
    List<String> command = new ArrayList<>(mysqld.launcher());
    // This machine's settings are not for it. --no-defaults would ignore what SET PERSIST kept too.
    command.add("--defaults-file=/dev/null");
    command.addAll(mysqld.folders());
    command.add("--datadir=" + data());
    command.add("--secure-file-priv=");
    command.add("--loose-mysqlx=OFF");
    if ("root".equals(System.getProperty("user.name"))) {
      command.add("--user=root");
    }
    return command;
  }

  private Path data() {
    return folder.resolve("data");
  }
}
