package io.sluice.sandbox.server.internal.mysql;

import io.sluice.sandbox.server.api.Login;
import io.sluice.sandbox.server.api.MySqlAddress;
import io.sluice.sandbox.server.api.MySqlSettings;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.process.FreePort;
import io.sluice.sandbox.server.process.GuardedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A server program on this machine.
 *
 * @param launcher the words of the command line up to the program, which is the last one
 * @param folders the arguments that name the folders of its installation
 * @param how how the program was found, in a few words
 */
record Mysqld(List<String> launcher, List<String> folders, String how) {
  Mysqld {
    launcher = List.copyOf(launcher);
    folders = List.copyOf(folders);
  }

  /** Starts the program with a new data folder. */
  RunningMySql start(SandboxEnvironment environment, MySqlSettings settings) {
    Login admin = new Login("sandbox_admin", password());
    MySqlAddress address = new MySqlAddress("127.0.0.1", FreePort.find(), "", admin);
    DataFolderTemplate template = new DataFolderTemplate(environment, this, settings);
    GuardedServer server =
        GuardedServer.start(
            "sluice-sandbox-mysql",
            folder -> {
              MysqldProgram program = new MysqldProgram(this, folder, address, settings);
              program.prepare(template);
              return program;
            });
    try {
      return new RunningMySql(address, MySqlProbe.version(address), how, server);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** The start of every command line that uses this data folder. */
  List<String> command(Path data) {
    List<String> command = new ArrayList<>(launcher);
    // Ignore this machine's settings. --no-defaults would also ignore settings that SET PERSIST
    // stored.
    command.add("--defaults-file=/dev/null");
    command.addAll(folders);
    command.add("--datadir=" + data);
    command.add("--secure-file-priv=");
    command.add("--loose-mysqlx=OFF");
    if ("root".equals(System.getProperty("user.name"))) {
      command.add("--user=root");
    }
    return command;
  }

  /** A text that changes when another build of the program is installed. */
  String fingerprint() {
    Path program = Path.of(launcher.get(launcher.size() - 1));
    try {
      return launcher + " " + Files.size(program) + " " + Files.getLastModifiedTime(program);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Generates a password of at most 32 characters, the limit for the login of a replica. */
  private static String password() {
    return UUID.randomUUID().toString().replace("-", "");
  }
}
