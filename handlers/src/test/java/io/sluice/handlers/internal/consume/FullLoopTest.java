package io.sluice.handlers.internal.consume;

import static io.sluice.handlers.internal.consume.RememberingConsumer.P0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.Logged;
import io.sluice.handlers.internal.process.EventProcessor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a loop whose buffer is full logs. */
class FullLoopTest {

  private final LoopFixture fixture = new LoopFixture();

  @AfterEach
  void endThreads() {
    fixture.close();
  }

  @Test
  void logsRecordsThatWereDeletedWhileTheirPartitionWasPaused() throws Exception {
    try (Logged logged = Logged.by(TopicCheck.class)) {
      fixture.begin();
      CountDownLatch gate = fixture.handler.gate("e0");
      for (int offset = 0; offset < LoopFixture.BUFFERED; offset++) {
        fixture.first().addRecord(Records.event("e" + offset, "1", 0, offset));
      }
      fixture.turnUntil("the buffer is full", () -> fixture.first().paused().contains(P0));
      fixture.clock.advance(Duration.ofMinutes(2));
      fixture.first().updateBeginningOffsets(Map.of(P0, 50L));
      gate.countDown();

      fixture.turnUntil("it is read again", () -> fixture.first().paused().isEmpty());
      assertEquals(
          List.of("the records from offset 10 to 49"),
          logged.events().stream()
              .map(
                  event ->
                      event.getFormattedMessage().replaceAll(".*(the records.*\\d) before.*", "$1"))
              .toList());
    }
  }

  @Test
  void aFullBufferOfWhichNothingIsFinishedIsToldOnceWithWhatIsWaitedFor() throws Exception {
    fixture.begin();
    List<CountDownLatch> gates = new ArrayList<>();
    for (int i = 0; i < LoopFixture.BUFFERED; i++) {
      gates.add(fixture.handler.gate("e" + i));
      fixture.first().addRecord(Records.event("e" + i, "room-" + i, 0, i));
    }
    try (Logged logged = Logged.by(EventProcessor.class)) {
      fixture.turnUntil("the buffer is full", fixture.processor::isFull);
      fixture.clock.advance(Duration.ofSeconds(29));
      fixture.turnUntil("the places are taken", () -> fixture.handler.begun.size() == 4);
      fixture.clock.advance(Duration.ofSeconds(31));
      fixture.loop.runOnce();
      fixture.clock.advance(Duration.ofSeconds(31));
      fixture.loop.runOnce();

      String told = logged.events().get(0).getFormattedMessage();
      assertEquals(1, logged.events().size(), logged.events().toString());
      assertTrue(told.contains("CHAT"), told);
      assertTrue(told.contains("4 of shard 'shard-1' wait for their handlers to end"), told);
      assertTrue(told.contains("6 of shard 'shard-1' wait for a handler to be free"), told);
      gates.forEach(CountDownLatch::countDown);
      fixture.turnUntil(
          "all are done",
          () -> Long.valueOf(LoopFixture.BUFFERED).equals(fixture.first().lastCommit(P0)));
    }
  }
}
