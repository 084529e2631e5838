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
    return new BinlogEnd(server, "binlog.000003", 400, "", "");
  }

  private void read(ServerIdentity sender) {
    Map<String, Object> offset = new HashMap<>(OFFSET);
    offset.put("server_id", sender.id());
    progress.begin();
    progress.hears(offset);
    progress.readUpTo(POSITION, offset);
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

    progress.readUpTo(POSITION, amongRows);
    progress.readUpTo(POSITION, amongRows);

    assertEquals(Optional.of(Duration.ofMinutes(10)), statistics.lag(now));
  }
}
