package io.sluice.sandbox.server.internal.mysql;

import io.sluice.sandbox.server.api.Login;
import io.sluice.sandbox.server.api.MySqlAddress;
import io.sluice.sandbox.server.api.MySqlSettings;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.process.FreePort;
import io.sluice.sandbox.server.process.Guard;
import io.sluice.sandbox.server.process.GuardedServer;
import java.util.UUID;

/** Starts a server program of this machine with a new data folder. */
final class NativeMySql {
  private NativeMySql() {}

  static RunningMySql start(SandboxEnvironment environment, Mysqld mysqld, MySqlSettings settings) {
    Login admin = new Login("sandbox_admin", password());
    MySqlAddress address = new MySqlAddress("127.0.0.1", FreePort.find(), "", admin);
    Guard guard = Guard.open("sluice-sandbox-mysql");
    try {
      MysqldProgram program = new MysqldProgram(mysqld, guard.folder(), address, settings);
      program.prepare(new DataFolderTemplate(environment, mysqld, settings));
      GuardedServer server = new GuardedServer(program, guard);
      server.start();
      program.removeStatements();
      return new RunningMySql(address, MySqlProbe.version(address), mysqld.how(), server);
    } catch (RuntimeException e) {
      closeAfter(e, guard);
      throw e;
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
