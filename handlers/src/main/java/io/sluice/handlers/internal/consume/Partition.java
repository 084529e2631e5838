package io.sluice.handlers.internal.consume;

import io.sluice.handlers.internal.flow.Place;
import io.sluice.handlers.internal.flow.PutOffReason;
import org.apache.kafka.common.TopicPartition;

/** A partition while this worker holds it. Owned by the consumer's thread. */
final class Partition {

  private final TopicPartition name;
  private final OffsetTracker offsets = new OffsetTracker();
  // Read by other threads too: what is asked for an event of a lost partition need not be answered.
  private volatile boolean held = true;

  Partition(TopicPartition name) {
    this.name = name;
  }

  TopicPartition name() {
    return name;
  }

  OffsetTracker offsets() {
    return offsets;
  }

  boolean isHeld() {
    return held;
  }

  /** It is another worker's from now on. */
  void giveUp() {
    held = false;
  }

  /** A record is to be worked on. */
  Place take(long offset) {
    offsets.taken(offset);
    return new OffsetPlace(offset);
  }

  /** Whether this is a place in here. */
  boolean has(Place place) {
    return place instanceof OffsetPlace own && own.partition() == this;
  }

  /** The place of a record. */
  private final class OffsetPlace implements Place {

    private final long offset;
    // Read by other threads too, as whether the partition is held.
    private volatile boolean putOff;

    OffsetPlace(long offset) {
      this.offset = offset;
    }

    Partition partition() {
      return Partition.this;
    }

    @Override
    public boolean isHeld() {
      return held && !putOff;
    }

    @Override
    public void putOff(PutOffReason reason) {
      putOff = true;
      offsets.putOff(reason, offset);
    }

    @Override
    public void finished() {
      offsets.finished(offset);
    }
  }
}
