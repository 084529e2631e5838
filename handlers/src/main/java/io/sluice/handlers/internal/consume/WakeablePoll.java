package io.sluice.handlers.internal.consume;

import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Polls, and lets other threads end the wait early. A wake-up that comes between two polls makes
 * the next one not wait at all instead of failing it, so that the consumer does its own work at
 * every turn, however often it is woken. {@link #wake} is thread-safe.
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
   * Runs another request to the brokers, again if it is woken: a worker's wake-up can come late,
   * once at most.
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

  /** Ends the poll that is waiting, or keeps the next one from waiting. */
  synchronized void wake() {
    woken = true;
    if (waiting) {
      waiting = false;
      consumer.wakeup();
    }
  }
}
