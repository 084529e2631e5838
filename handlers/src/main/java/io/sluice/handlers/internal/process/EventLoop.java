package io.sluice.handlers.internal.process;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs messages that other threads post, and timers, on the domain's thread. Posting is thread-safe
 * and never blocks. All other methods are for the domain's thread.
 */
final class EventLoop {

  private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);

  /** The time after which a failed timer runs again. */
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** An action and the event that it concerns, if any. */
  private record Message(@Nullable InFlightEvent event, Runnable action) {}

  /** An action that runs at a later time unless it is cancelled. */
  record Timer(Instant due, long number, Runnable action) {}

  private final InstantSource clock;
  private final BiConsumer<InFlightEvent, Throwable> whenFailed;
  private final LinkedBlockingQueue<Message> messages = new LinkedBlockingQueue<>();
  private final TreeSet<Timer> timers =
      new TreeSet<>(Comparator.comparing(Timer::due).thenComparing(Timer::number));
  private volatile Runnable wakeUp = () -> {};
  private long timersMade;

  /**
   * @param clock a clock that is never set back
   * @param whenFailed called with the event of a message that has thrown an exception
   */
  EventLoop(InstantSource clock, BiConsumer<InFlightEvent, Throwable> whenFailed) {
    this.clock = clock;
    this.whenFailed = whenFailed;
  }

  Instant now() {
    return clock.instant();
  }

  /** Sets the action that runs after each message is posted, to wake up the domain's thread. */
  void wakeBy(Runnable value) {
    wakeUp = value;
  }

  /** Posts an action that concerns no event. */
  void post(Runnable action) {
    post(new Message(null, action));
  }

  private void post(Message message) {
    messages.add(message);
    wakeUp.run();
  }

  /** Wraps a callback for an event so that it runs on the domain's thread. */
  <T extends @Nullable Object> Consumer<T> receive(InFlightEvent event, Consumer<T> action) {
    return answer -> post(new Message(event, () -> action.accept(answer)));
  }

  Timer after(Duration wait, Runnable action) {
    return at(now().plus(wait), action);
  }

  private Timer at(Instant due, Runnable action) {
    Timer timer = new Timer(due, ++timersMade, action);
    timers.add(timer);
    return timer;
  }

  void cancel(Timer timer) {
    timers.remove(timer);
  }

  boolean hasMessages() {
    return !messages.isEmpty();
  }

  /** Runs all posted messages. */
  void runMessages() {
    for (Message message = messages.poll(); message != null; message = messages.poll()) {
      handle(message);
    }
  }

  private void handle(Message message) {
    InFlightEvent event = message.event();
    if (event == null) {
      message.action().run();
      return;
    }
    try {
      message.action().run();
    } catch (RuntimeException | Error e) {
      whenFailed.accept(event, e);
    }
  }

  /** Runs the timers that are due. A failed timer runs again later and does not affect others. */
  void runTimers() {
    Instant now = now();
    while (!timers.isEmpty() && !timers.first().due().isAfter(now)) {
      Runnable action = timers.pollFirst().action();
      try {
        action.run();
      } catch (RuntimeException | Error e) {
        LOG.error("a timer has failed and is run again", e);
        at(now.plus(AGAIN), action);
      }
    }
  }

  /**
   * Waits for a message, and runs all that were posted.
   *
   * @return whether a message came within the time
   */
  boolean awaitMessage(Duration longest) throws InterruptedException {
    Message message = messages.poll(Math.max(0, longest.toMillis()), TimeUnit.MILLISECONDS);
    if (message == null) {
      return false;
    }
    handle(message);
    runMessages();
    return true;
  }

  /** The time until the next timer is due, at most {@code longest}. */
  Duration untilDue(Duration longest) {
    if (timers.isEmpty()) {
      return longest;
    }
    Duration wait = Duration.between(now(), timers.first().due());
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(longest) < 0 ? wait : longest;
  }
}
