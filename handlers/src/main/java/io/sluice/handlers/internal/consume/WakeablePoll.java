package io.sluice.handlers.internal.consume;

import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.errors.WakeupException;

/**
 * A poll that other threads can interrupt. A wake-up between two polls makes the next poll return
 * without waiting, instead of failing it, so that frequent wake-ups never prevent the consumer from
 * working. {@link #wake} is thread-safe.
 */
final class WakeablePoll {

  private final Consumer<byte[], byte[]> consumer;

  // Both guarded by this.
  private boolean waiting;
  private boolean woken;

  WakeablePoll(Consumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  ConsumerRecords<byte[], byte[]> poll(Duration longest) {
    Duration timeout = begin(longest);
    try {
      return consumer.poll(timeout);
    } catch (WakeupException e) {
      return ConsumerRecords.empty();
    } finally {
      end();
    }
  }

  /**
   * Runs another request to the brokers, and repeats it once after a wake-up that came too late for
   * the poll.
   */
  static void despiteWakeUp(Runnable request) {
    try {
      request.run();
    } catch (WakeupException e) {
      request.run();
    }
  }

  private synchronized Duration begin(Duration longest) {
    waiting = !woken;
    return woken ? Duration.ZERO : longest;
  }

  private synchronized void end() {
    waiting = false;
    woken = false;
  }

  /** Ends the running poll, or makes the next one return without waiting. */
  synchronized void wake() {
    woken = true;
    if (waiting) {
      waiting = false;
      consumer.wakeup();
    }
  }
}
