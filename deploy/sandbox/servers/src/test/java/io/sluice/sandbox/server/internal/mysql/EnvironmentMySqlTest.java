package io.sluice.sandbox.server.internal.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.sandbox.server.api.Login;
import io.sluice.sandbox.server.api.MySqlAddress;
import io.sluice.sandbox.server.api.MySqlSettings;
import io.sluice.sandbox.server.internal.way.Applicability.Applies;
import io.sluice.sandbox.server.internal.way.Applicability.DoesNotApply;
import io.sluice.sandbox.server.internal.way.Applicability.Misconfigured;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentMySqlTest {
  @Test
  void readsAddressAndAccount() {
    EnvironmentMySql way = way("jdbc:mysql://db.example:3307/?sslMode=REQUIRED", "root", "secret");
    assertInstanceOf(Applies.class, way.check());
    MySqlAddress address = way.address();
    assertEquals(
        new MySqlAddress("db.example", 3307, "sslMode=REQUIRED", new Login("root", "secret")),
        address);
    assertEquals("jdbc:mysql://db.example:3307/orders?sslMode=REQUIRED", address.jdbcUrl("orders"));
    assertFalse(address.toString().contains("secret"), address.toString());
  }

  @Test
  void needsNeitherPortNorPassword() {
    assertEquals(
        new MySqlAddress("[::1]", 3306, "", new Login("root", "")),
        way("jdbc:mysql://[::1]", "root", "").address());
  }

  @Test
  void doesNotApplyWithoutAUrl() {
    assertEquals(
        new DoesNotApply("SLUICE_SANDBOX_MYSQL_URL is not set"), way("", "root", "").check());
  }

  @Test
  void refusesAUrlWithADatabaseOrSeveralHosts() {
    assertInstanceOf(Misconfigured.class, way("jdbc:mysql://one/orders", "root", "").check());
    assertInstanceOf(Misconfigured.class, way("jdbc:mysql://one,two/", "root", "").check());
    assertInstanceOf(Misconfigured.class, way("mysql://one/", "root", "").check());
  }

  @Test
  void refusesAUrlWithoutAnAccount() {
    Misconfigured mistake =
        assertInstanceOf(Misconfigured.class, way("jdbc:mysql://one/", "", "").check());
    assertTrue(mistake.reason().contains("SLUICE_SANDBOX_MYSQL_USER"), mistake.reason());
  }

  @Test
  void doesNotApplyWhereArgumentsAreWanted() {
    EnvironmentMySql way =
        new EnvironmentMySql(
            way("jdbc:mysql://one/", "root", "").environment(),
            MySqlSettings.withArguments("--max-connections=9"));
    assertInstanceOf(DoesNotApply.class, way.check());
  }

  private static EnvironmentMySql way(String url, String user, String password) {
    Map<String, String> variables = new HashMap<>();
    variables.put(SandboxEnvironment.MYSQL_URL, url);
    variables.put(SandboxEnvironment.MYSQL_USER, user);
    variables.put(SandboxEnvironment.MYSQL_PASSWORD, password);
    return new EnvironmentMySql(new SandboxEnvironment(variables), MySqlSettings.DEFAULT);
  }
}
