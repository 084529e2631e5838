package io.sluice.handlers.internal.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.handlers.internal.deadletter.RecordOrigin;
import java.time.Instant;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** A record whose partition can be revoked. */
final class TestRecord implements DeliveredRecord {

  private final RecordOrigin origin;
  private boolean held = true;
  private boolean finished;

  /**
   * @param redrives the number of redrives of the event at the time when its record was written
   */
  TestRecord(int redrives) {
    this(redrives, Instant.EPOCH);
  }

  static TestRecord writtenAt(Instant time) {
    return new TestRecord(0, time);
  }

  private TestRecord(int redrives, Instant written) {
    byte[] header = Integer.toString(redrives).getBytes(UTF_8);
    origin =
        new RecordOrigin(
            "outbox.event.chat",
            0,
            0,
            written.toEpochMilli(),
            TimestampType.CREATE_TIME,
            new RecordHeaders().add("outbox-redrive", header));
  }

  @Override
  public RecordOrigin origin() {
    return origin;
  }

  void lose() {
    held = false;
  }

  boolean isFinished() {
    return finished;
  }

  @Override
  public boolean isHeld() {
    return held;
  }

  @Override
  public void finished() {
    finished = true;
  }
}
