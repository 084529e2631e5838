package io.sluice.relay.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.ShardId;
import io.sluice.relay.mysql.BinlogEnd;
import io.sluice.relay.mysql.ServerIdentity;
import io.sluice.relay.state.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private static final ServerIdentity SERVER = new ServerIdentity("one", 1);
  private static final ServerIdentity OTHER = new ServerIdentity("two", 2);
  private static final Map<String, Object> OFFSET = Position.offsetAt("binlog.000007", 500, "");
  private static final Position POSITION = Position.first(OFFSET, "history");

  private final ShardStatistics statistics = new RelayStatistics().of(ShardId.of("s"));
  private final Progress progress = new Progress(POSITION, SERVER, statistics);

  private static BinlogEnd end(ServerIdentity server) {
    return new BinlogEnd(Instant.EPOCH, server, "binlog.000003", 400, "", "");
  }

  private void read(ServerIdentity sender) {
    Map<String, Object> offset = new HashMap<>(OFFSET);
    offset.put("server_id", sender.id());
    progress.begin();
    progress.hears(offset);
    progress.readUpTo(POSITION, true);
    progress.end(true);
  }

  @Test
  void anEndIsIgnoredWhileAnotherServerMayBeRead() {
    read(OTHER);
    progress.see(end(SERVER));
    progress.see(end(SERVER));

    assertFalse(progress.isBeyond(end(SERVER)));
    assertEquals(Optional.empty(), progress.seenEnd());
  }

  @Test
  void anEndIsPassedAfterTheServerHasSentItsOwnEvents() {
    read(SERVER);
    read(OTHER);
    progress.see(end(SERVER));
    progress.see(end(SERVER));

    assertTrue(progress.isBeyond(end(SERVER)));
    assertEquals(Optional.of(end(SERVER)), progress.seenEnd());
    assertFalse(progress.isElsewhere());
  }

  /** The address may have been switched to a replica, which sends the events. */
  @Test
  void aCheckFromBeforeTheConnectionIsIgnored() {
    progress.see(end(SERVER));
    progress.see(end(SERVER));
    read(SERVER);

    assertFalse(progress.isReadFrom(end(SERVER)));
    progress.see(end(SERVER));
    assertFalse(progress.isReadFrom(end(SERVER)));
    progress.see(end(SERVER));
    assertTrue(progress.isReadFrom(end(SERVER)));
  }

  @Test
  void anEndOfAnotherServerIsNeverPassedAndShowsTheNewAddress() {
    read(SERVER);
    progress.see(end(SERVER));
    progress.see(end(SERVER));
    progress.see(end(OTHER));

    assertFalse(progress.isBeyond(end(OTHER)));
    assertFalse(progress.isReadFrom(end(SERVER)));
    assertTrue(progress.isElsewhere());
  }

  /** Its batches have the same position, like heartbeats, but the end may be far away. */
  @Test
  void insideALargeTransactionTheLagIsThatOfItsRows() {
    Map<String, Object> amongRows = new HashMap<>(OFFSET);
    amongRows.put("event", 2L);
    amongRows.put("ts_sec", 1_000L);
    Instant now = Instant.ofEpochSecond(1_600);

    Position reached = Position.first(amongRows, "history");
    progress.readUpTo(reached, false);
    progress.readUpTo(reached, false);

    assertEquals(Optional.of(Duration.ofMinutes(10)), statistics.lag(now));
  }

  /** The engine's time is that of the last captured row, here of one in the distant past. */
  private static final long LAST_ROW = 1_000;

  private void readForeignTraffic(long place) {
    Map<String, Object> offset = Position.offsetAt("binlog.000007", place, "");
    offset.put("server_id", SERVER.id());
    offset.put("ts_sec", LAST_ROW);
    progress.begin();
    progress.hears(offset);
    Position reached = progress.timed(Position.first(offset, "history"), false);
    progress.readUpTo(reached, false);
    progress.end(true);
  }

  private void see(long seconds, long place) {
    progress.see(
        new BinlogEnd(Instant.ofEpochSecond(seconds), SERVER, "binlog.000007", place, "", ""));
  }

  private Optional<Duration> lagAt(long seconds) {
    return statistics.lag(Instant.ofEpochSecond(seconds));
  }

  @Test
  void otherTrafficOfTheServerIsNoLag() {
    readForeignTraffic(600);
    see(5_000, 600);
    see(5_010, 610);
    readForeignTraffic(620);

    assertEquals(Optional.of(Duration.ZERO), lagAt(5_011));
    assertEquals(Optional.of(Instant.ofEpochSecond(5_010)), progress.position().readUpTo());
    assertTrue(progress.isRelaying());
  }

  @Test
  void aBacklogOfOtherTrafficIsALag() {
    readForeignTraffic(600);
    see(5_000, 600);
    see(5_010, 600);
    readForeignTraffic(601);
    see(5_020, 700);
    see(5_030, 800);
    readForeignTraffic(650);
    assertEquals(Optional.of(Duration.ofSeconds(20)), lagAt(5_040));

    readForeignTraffic(750);
    assertEquals(Optional.of(Duration.ofSeconds(10)), lagAt(5_040));
  }

  @Test
  void aBacklogOfHoursKeepsTheTimeOfItsBegin() {
    readForeignTraffic(600);
    see(5_000, 600);
    see(5_010, 600);
    readForeignTraffic(601);
    for (int i = 1; i <= 2_000; i++) {
      see(5_010 + 10L * i, 1_000L * i);
    }
    assertEquals(Optional.of(Duration.ofSeconds(20_000)), lagAt(5_020 + 20_000));

    readForeignTraffic(1_000_500);
    long lag = lagAt(5_010 + 20_000).orElseThrow().toSeconds();
    assertTrue(lag >= 9_000 && lag <= 10_000, lag + " s");
  }

  /** Whatever the run finds at first, it is behind since the stored position. */
  @Test
  void aRunThatStartsIsBehindUntilItHasPassedAnEnd() {
    readForeignTraffic(600);
    see(5_000, 700);
    see(5_010, 800);

    assertEquals(Optional.of(Duration.ofSeconds(4_010)), lagAt(5_010));
    assertFalse(progress.isRelaying());
  }

  @Test
  void theLagGrowsWhileNothingRuns() {
    readForeignTraffic(600);
    see(5_000, 600);
    see(5_010, 600);
    readForeignTraffic(620);
    statistics.interrupted();

    assertEquals(Optional.of(Duration.ofSeconds(990)), lagAt(6_000));
  }
}
