package io.sluice.sandbox.server.internal.mysql;

import io.sluice.sandbox.server.api.Login;
import io.sluice.sandbox.server.api.MySqlAddress;
import io.sluice.sandbox.server.api.MySqlSettings;
import io.sluice.sandbox.server.api.ServerStartException;
import io.sluice.sandbox.server.process.FreePort;
import io.sluice.sandbox.server.process.Guard;
import io.sluice.sandbox.server.process.GuardedProcess;
import io.sluice.sandbox.server.process.GuardedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/** Starts a server program of this machine over a new data folder. */
final class NativeMySql {
  private static final Duration INITIALISE = Duration.ofMinutes(2);
  private static final String ACCOUNT =
      """
      CREATE USER '%1$s'@'%%' IDENTIFIED BY '%2$s';
      GRANT ALL ON *.* TO '%1$s'@'%%' WITH GRANT OPTION;
      """;

  private NativeMySql() {}

  static RunningMySql start(Mysqld mysqld, MySqlSettings settings) {
    Login admin = new Login("sandbox_admin", password());
    MySqlAddress address = new MySqlAddress("127.0.0.1", FreePort.find(), "", admin);
    Guard guard = Guard.open("sluice-sandbox-mysql");
    try {
      MysqldProgram program = new MysqldProgram(mysqld, guard.folder(), address, settings);
      initialise(program, guard, admin);
      GuardedServer server = new GuardedServer(program, guard);
      server.start();
      return new RunningMySql(address, MySqlProbe.version(address), mysqld.how(), server);
    } catch (RuntimeException e) {
      closeAfter(e, guard);
      throw e;
    }
  }

  private static void initialise(MysqldProgram program, Guard guard, Login admin) {
    Path statements = guard.folder().resolve("accounts.sql");
    try {
      Files.writeString(statements, ACCOUNT.formatted(admin.user(), admin.password()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    GuardedProcess process = guard.run("mysqld-initialise", program.initialiseCommand(statements));
    if (!process.awaitEnd(INITIALISE)) {
      throw new ServerStartException(
          "mysqld did not make its data folder within " + INITIALISE + ". " + process.logTail());
    }
    if (process.status() != 0) {
      throw new ServerStartException(
          "mysqld could not make its data folder, status "
              + process.status()
              + ". "
              + process.logTail());
    }
  }

  /** A replica can log in with 32 characters at most. */
  private static String password() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  private static void closeAfter(RuntimeException failure, Guard guard) {
    try {
      guard.close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
