package io.sluice.relay.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ServerCheckTest {

  private static String problem(String only, String never) {
    return ServerCheck.filter(only, never, "trading").map(Finding::toString).orElse("none");
  }

  @Test
  void acceptsALoggedDatabase() {
    assertEquals("none", problem("", ""));
    assertEquals("none", problem("other,trading", ""));
    assertEquals("none", problem("", "other,mysql"));
  }

  @Test
  void refusesADatabaseThatIsNotListed() {
    assertEquals(
        "the server logs only [other, more], not trading (binlog-do-db):"
            + " start the server with --binlog-do-db=trading too, or with none",
        problem("other,more", ""));
  }

  @Test
  void refusesAnIgnoredDatabase() {
    assertEquals(
        "the server does not log trading (binlog-ignore-db):"
            + " start the server without --binlog-ignore-db=trading",
        problem("", "other,trading"));
  }

  /** As in MySQL, the list of logged databases takes precedence. */
  @Test
  void aDatabaseOnBothListsIsLogged() {
    assertEquals("none", problem("trading", "trading"));
  }
}
