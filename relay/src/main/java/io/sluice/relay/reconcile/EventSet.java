package io.sluice.relay.reconcile;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.relay.state.EventCopy;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A mark for each of many events, in at most 51 bytes an event. Stores 128 bits of a digest instead
 * of the ids, so two events are never taken for one in practice. Used by one thread.
 */
final class EventSet {

  /** The mark of an event that is not in the set. */
  static final byte ABSENT = 0;

  private static final int FIRST_SLOTS = 256;

  private final MessageDigest digest = sha256();

  /** Two for each slot. */
  private long[] keys = new long[2 * FIRST_SLOTS];

  private byte[] marks = new byte[FIRST_SLOTS];
  private int size;

  /** The digest of the last event. */
  private long high;

  private long low;

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  int size() {
    return size;
  }

  byte get(EventCopy event) {
    read(event);
    return marks[slot()];
  }

  /** Adds an event, or replaces its mark. */
  void put(EventCopy event, byte mark) {
    if (3L * size >= 2L * marks.length) {
      grow();
    }
    read(event);
    put(mark);
  }

  private void put(byte mark) {
    int slot = slot();
    size += marks[slot] == ABSENT ? 1 : 0;
    marks[slot] = mark;
    keys[2 * slot] = high;
    keys[2 * slot + 1] = low;
  }

  private void read(EventCopy event) {
    digest.update(event.id().getBytes(UTF_8));
    digest.update((byte) 0);
    ByteBuffer bits = ByteBuffer.wrap(digest.digest(event.redrive().getBytes(UTF_8)));
    high = bits.getLong();
    low = bits.getLong();
  }

  /** The slot of the last event, or a free one. */
  private int slot() {
    int slot = (int) high & (marks.length - 1);
    while (marks[slot] != ABSENT && (keys[2 * slot] != high || keys[2 * slot + 1] != low)) {
      slot = (slot + 1) & (marks.length - 1);
    }
    return slot;
  }

  private void grow() {
    long[] formerKeys = keys;
    byte[] former = marks;
    keys = new long[2 * formerKeys.length];
    marks = new byte[2 * former.length];
    size = 0;
    for (int slot = 0; slot < former.length; slot++) {
      if (former[slot] != ABSENT) {
        high = formerKeys[2 * slot];
        low = formerKeys[2 * slot + 1];
        put(former[slot]);
      }
    }
  }
}
