package io.sluice.sandbox.server.internal.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.sandbox.server.api.MySqlSettings;
import io.sluice.sandbox.server.internal.way.Applicability.Applies;
import io.sluice.sandbox.server.internal.way.Applicability.DoesNotApply;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstalledMySqlTest {
  @TempDir private Path folder;

  @Test
  void doesNotApplyWhereNothingIsInstalled() {
    assertEquals(
        new DoesNotApply("there is no mysqld on PATH nor under MYSQL_HOME"),
        way("PATH", folder).check());
  }

  @Test
  void appliesWhereMySqlIsOnThePath() throws IOException {
    program(folder, "mysqld  Ver 9.7.4 for Linux on x86_64 (MySQL Community Server - GPL)");
    assertInstanceOf(Applies.class, way("PATH", folder).check());
  }

  @Test
  void appliesWhereMySqlIsUnderItsHome() throws IOException {
    program(Files.createDirectory(folder.resolve("bin")), "mysqld  Ver 8.4.0");
    assertInstanceOf(Applies.class, way("MYSQL_HOME", folder).check());
  }

  /** MariaDB's server program has the same name. */
  @Test
  void doesNotTakeMariaDbForMySql() throws IOException {
    program(folder, "mysqld  Ver 11.4.2-MariaDB");
    DoesNotApply refusal = assertInstanceOf(DoesNotApply.class, way("PATH", folder).check());
    assertTrue(refusal.reason().contains("is no MySQL: mysqld  Ver 11.4.2-MariaDB"));
  }

  private static InstalledMySql way(String variable, Path value) {
    return new InstalledMySql(
        new SandboxEnvironment(Map.of(variable, value.toString())), MySqlSettings.DEFAULT);
  }

  private static void program(Path folder, String version) throws IOException {
    Path program = folder.resolve("mysqld");
    Files.writeString(program, "#!/bin/sh\necho '" + version + "'\n");
    assertTrue(program.toFile().setExecutable(true));
  }
}
