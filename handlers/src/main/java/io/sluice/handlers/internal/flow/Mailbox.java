package io.sluice.handlers.internal.flow;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Brings what other threads have to say to the domain's thread. To send is thread-safe and never
 * blocks; to open it is the domain's thread alone.
 */
public final class Mailbox implements Executor {

  private final LinkedBlockingQueue<Runnable> letters = new LinkedBlockingQueue<>();
  private volatile Runnable wakeUp = () -> {};

  /** What to do after each letter, to have the box opened soon. */
  public void wakeBy(Runnable value) {
    wakeUp = value;
  }

  @Override
  public void execute(Runnable letter) {
    letters.add(letter);
    wakeUp.run();
  }

  /** Does all that was sent. */
  void open() {
    for (Runnable letter = letters.poll(); letter != null; letter = letters.poll()) {
      letter.run();
    }
  }

  /** Waits for something and does it; whether anything came in time. */
  boolean openNext(Duration longest) throws InterruptedException {
    Runnable letter = letters.poll(Math.max(0, longest.toMillis()), TimeUnit.MILLISECONDS);
    if (letter == null) {
      return false;
    }
    letter.run();
    open();
    return true;
  }
}
