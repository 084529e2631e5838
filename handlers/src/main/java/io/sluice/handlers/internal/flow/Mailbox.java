package io.sluice.handlers.internal.flow;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings what other threads have to say to the domain's thread. To send is thread-safe and never
 * blocks; to open it is the domain's thread alone.
 */
final class Mailbox {

  /** What is to be done; of an event, if any. */
  private record Letter(@Nullable Task task, Runnable action) {}

  private final LinkedBlockingQueue<Letter> letters = new LinkedBlockingQueue<>();
  private final BiConsumer<Task, Throwable> whenBroken;
  private volatile Runnable wakeUp = () -> {};

  /**
   * @param whenBroken is told of an event whose letter could not be acted upon
   */
  Mailbox(BiConsumer<Task, Throwable> whenBroken) {
    this.whenBroken = whenBroken;
  }

  /** What to do after each letter, to have the box opened soon. */
  void wakeBy(Runnable value) {
    wakeUp = value;
  }

  /** Sends what concerns no event. */
  void send(Runnable action) {
    send(new Letter(null, action));
  }

  void send(Task task, Runnable action) {
    send(new Letter(task, action));
  }

  private void send(Letter letter) {
    letters.add(letter);
    wakeUp.run();
  }

  /** Does all that was sent. */
  void open() {
    for (Letter letter = letters.poll(); letter != null; letter = letters.poll()) {
      act(letter);
    }
  }

  private void act(Letter letter) {
    Task task = letter.task();
    if (task == null) {
      letter.action().run();
      return;
    }
    try {
      letter.action().run();
    } catch (RuntimeException | Error e) {
      whenBroken.accept(task, e);
    }
  }

  /** Waits for something and does it; whether anything came in time. */
  boolean openNext(Duration longest) throws InterruptedException {
    Letter letter = letters.poll(Math.max(0, longest.toMillis()), TimeUnit.MILLISECONDS);
    if (letter == null) {
      return false;
    }
    act(letter);
    open();
    return true;
  }
}
