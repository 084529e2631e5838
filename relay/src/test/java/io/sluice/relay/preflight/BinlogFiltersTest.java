package io.sluice.relay.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.outbox.ShardId;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.shard.TableLayout;
import org.junit.jupiter.api.Test;

class BinlogFiltersTest {

  private static String problem(String only, String never) {
    return BinlogFilters.parse(only, never)
        .finding(new ShardTable(ShardId.of("s"), "trading", TableLayout.STANDARD))
        .map(Finding::toString)
        .orElse("none");
  }

  @Test
  void aDatabaseThatIsLoggedIsFine() {
    assertEquals("none", problem("", ""));
    assertEquals("none", problem("other,trading", ""));
    assertEquals("none", problem("", "other,mysql"));
  }

  @Test
  void aDatabaseThatIsLeftOutIsNot() {
    assertEquals(
        "the server logs only [other, more], not trading (binlog-do-db):"
            + " start the server with --binlog-do-db=trading too, or with none",
        problem("other,more", ""));
  }

  @Test
  void aDatabaseThatIsIgnoredIsNot() {
    assertEquals(
        "the server does not log trading (binlog-ignore-db):"
            + " start the server without --binlog-ignore-db=trading",
        problem("", "other,trading"));
  }

  /** As MySQL decides it: the list of those that are logged goes first. */
  @Test
  void aDatabaseOnBothListsIsLogged() {
    assertEquals("none", problem("trading", "trading"));
  }
}
