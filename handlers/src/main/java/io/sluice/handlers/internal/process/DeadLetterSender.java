package io.sluice.handlers.internal.process;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.internal.Backoff;
import io.sluice.handlers.internal.deadletter.DeadLetter;
import io.sluice.handlers.internal.deadletter.DeadLetters;
import io.sluice.handlers.internal.status.RowState;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sends the dead letters of failed events, and retries until the brokers have stored them. */
final class DeadLetterSender {

  private final DeadLetters letters;
  private final String group;
  private final EventLoop loop;
  private final ProcessingMonitor monitor;
  private final Backoff retry;

  /**
   * @param group the consumer group whose handlers have failed
   */
  DeadLetterSender(
      DeadLetters letters, String group, EventLoop loop, ProcessingMonitor monitor, Backoff retry) {
    this.letters = letters;
    this.group = group;
    this.loop = loop;
    this.monitor = monitor;
    this.retry = retry;
  }

  /**
   * Sends the dead letter of an event.
   *
   * @param whenDone receives true when the brokers have stored it, false if the partition was
   *     revoked before
   */
  void send(InFlightEvent event, Throwable cause, Consumer<Boolean> whenDone) {
    int attempt = event.lastRow().map(RowState::nextAttempt).orElse(1);
    HandledEvent given = event.event().toBuilder().attempt(attempt).build();
    send(event, new DeadLetter(given, event.record().origin(), cause, group), 1, whenDone);
  }

  private void send(
      InFlightEvent event, DeadLetter letter, int attempt, Consumer<Boolean> whenDone) {
    Consumer<@Nullable Exception> whenSent =
        loop.receive(event, failure -> sent(event, letter, attempt, failure, whenDone));
    if (event.isLoaded()) {
      letters.send(letter, whenSent);
    } else {
      letters.sendWithPayloadOfRecord(letter, whenSent);
    }
  }

  private void sent(
      InFlightEvent event,
      DeadLetter letter,
      int attempt,
      @Nullable Exception failure,
      Consumer<Boolean> whenDone) {
    if (failure == null) {
      monitor.letterSent();
      whenDone.accept(true);
      return;
    }
    monitor.letterRefused(event.event(), letter.topic(), failure);
    loop.after(retry.delay(attempt), () -> sendAgain(event, letter, attempt + 1, whenDone));
  }

  private void sendAgain(
      InFlightEvent event, DeadLetter letter, int attempt, Consumer<Boolean> whenDone) {
    if (event.record().isHeld()) {
      send(event, letter, attempt, whenDone);
    } else {
      // The next owner of the partition sends the dead letter.
      whenDone.accept(false);
    }
  }
}
