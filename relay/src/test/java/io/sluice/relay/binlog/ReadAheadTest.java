package io.sluice.relay.binlog;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.shyiko.mysql.binlog.event.MySqlGtid;
import io.sluice.outbox.ShardId;
import io.sluice.relay.capture.Captured;
import io.sluice.relay.capture.CapturedBatch;
import io.sluice.relay.capture.StatementInsert;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReadAheadTest {

  private static final String SERVER = "3e11fa47-71ca-11e1-9e33-c80aa9429562:";
  private static final Captured ROW = new StatementInsert(ShardId.of("one"), Instant.EPOCH);

  private final ReadAhead ahead = new ReadAhead(1_000, () -> 500);

  private void add(List<Captured> captured, int bytes, @Nullable String gtid, int position)
      throws InterruptedException {
    ahead.add(
        captured,
        bytes,
        gtid == null ? null : MySqlGtid.fromString(SERVER + gtid),
        Map.of("pos", position));
  }

  private CapturedBatch take() throws InterruptedException {
    return ahead.take(Duration.ZERO).orElseThrow();
  }

  @Test
  void transactionsAreOneBatchUntilItIsTakenOrFull() throws InterruptedException {
    ahead.begin(SERVER + "1-9");
    add(List.of(ROW), 10, "10", 100);
    add(List.of(ROW, ROW), 10, "11", 200);

    assertEquals(
        new CapturedBatch(
            List.of(ROW, ROW, ROW), Map.of("pos", 200, "gtids", SERVER + "1-11"), false, false),
        take());

    add(List.of(ROW), 300, "12", 300);
    add(List.of(ROW), 300, "13", 400);

    assertEquals(Map.of("pos", 300, "gtids", SERVER + "1-12"), take().offset());
    assertEquals(Map.of("pos", 400, "gtids", SERVER + "1-13"), take().offset());
  }

  @Test
  void aPartOfATransactionDoesNotContainItsGtid() throws InterruptedException {
    ahead.begin(SERVER + "1-9");
    add(List.of(ROW), 500, null, 100);

    assertEquals(Map.of("pos", 100, "gtids", SERVER + "1-9"), take().offset());
  }

  @Test
  void aTransactionIsOpenUntilItsGtidIsComplete() throws InterruptedException {
    ahead.begin("");
    add(List.of(ROW), 10, null, 100);
    assertTrue(take().isOpen());

    ahead.beat(Map.of("pos", 100), false);
    assertTrue(take().isOpen());

    add(List.of(), 0, "1", 200);
    ahead.beat(Map.of("pos", 200), true);
    assertEquals(new CapturedBatch(List.of(), ahead.end(Map.of("pos", 200)), false, true), take());
  }

  @Test
  void transactionsWithoutRowsAreHandedOnWithTheNextBeat() throws InterruptedException {
    ahead.begin("");
    add(List.of(), 0, "1", 100);
    add(List.of(), 0, "2", 200);

    assertEquals(Optional.empty(), ahead.take(Duration.ZERO));

    ahead.beat(Map.of("pos", 300), false);
    assertEquals(Map.of("pos", 300, "gtids", SERVER + "1-2"), take().offset());
    assertEquals(Optional.empty(), ahead.take(Duration.ZERO));
  }

  @Test
  void theEndIsAfterAllThatWaits() throws InterruptedException {
    ahead.begin(SERVER + "1-9");
    add(List.of(ROW), 10, "10", 100);

    assertEquals(SERVER + "1-10", ahead.end(Map.of("pos", 100)).get("gtids"));
  }

  @Test
  void theReaderWaitsWhileTooMuchIsWaiting() throws InterruptedException {
    add(List.of(ROW), 1_000, null, 100);
    Thread reader =
        new Thread(
            () -> {
              try {
                add(List.of(ROW), 10, null, 200);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    reader.start();
    await().until(() -> reader.getState() == Thread.State.WAITING);

    assertEquals(Map.of("pos", 100), take().offset());
    reader.join();
    assertEquals(Map.of("pos", 200), take().offset());
  }

  @Test
  void theEndReleasesThePublishingThread() throws InterruptedException {
    Thread publishing =
        new Thread(
            () -> {
              try {
                ahead.take(Duration.ofDays(1));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    publishing.start();
    await().until(() -> publishing.getState() == Thread.State.TIMED_WAITING);

    ahead.close();
    publishing.join(30_000);
    assertFalse(publishing.isAlive());
  }

  @Test
  void untaggedTransactionsAreNotMistakenForTaggedOnes() throws InterruptedException {
    ahead.begin("");
    add(List.of(ROW), 10, "nightly:1", 100);
    add(List.of(ROW), 10, "1", 200);

    assertEquals(SERVER + "nightly:1-1," + SERVER + "1-1", take().offset().get("gtids"));
  }

  @Test
  void aFailureOfTheReaderIsThrownAfterWhatItHasRead() throws InterruptedException {
    add(List.of(ROW), 10, null, 100);
    ahead.fail(new IllegalStateException("lost"));
    ahead.fail(new IllegalStateException("a consequence"));

    assertEquals(List.of(ROW), take().captured());

    assertEquals(
        "lost",
        assertThrows(IllegalStateException.class, () -> ahead.take(Duration.ofDays(1)))
            .getMessage());
  }

  @Test
  void nothingIsAddedAfterTheEnd() throws InterruptedException {
    ahead.close();
    add(List.of(ROW), 10, null, 100);

    assertEquals(Optional.empty(), ahead.take(Duration.ZERO));
  }
}
