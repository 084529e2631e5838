package io.sluice.handlers.internal.flow;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.internal.deadletter.DeadLetter;
import io.sluice.handlers.internal.deadletter.DeadLetters;
import io.sluice.handlers.internal.retry.Backoff;
import io.sluice.handlers.internal.retry.LastError;
import io.sluice.handlers.internal.row.RowRequest;
import io.sluice.handlers.internal.row.RowState;
import io.sluice.handlers.internal.row.RowUpdate;
import io.sluice.handlers.internal.row.Rows;
import io.sluice.outbox.OutboxStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Has outcomes written: the dead letter of an event that failed for good first, so that there is
 * none that is FAILED without. Owned by the domain's thread, on which it also answers.
 */
final class OutcomeWriter {

  private static final Backoff LETTER = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

  private final String group;
  private final Rows rows;
  private final DeadLetters letters;
  private final Mailbox mailbox;
  private final Timers timers;
  private final InstantSource clock;
  private final FlowLog log;

  OutcomeWriter(
      String group,
      Rows rows,
      DeadLetters letters,
      Mailbox mailbox,
      Timers timers,
      InstantSource clock,
      FlowLog log) {
    this.group = group;
    this.rows = rows;
    this.letters = letters;
    this.mailbox = mailbox;
    this.timers = timers;
    this.clock = clock;
    this.log = log;
  }

  void succeeded(Task task, Consumer<Optional<RowState>> whenWritten) {
    write(task, RowUpdate.published(task.row(), now()), whenWritten);
  }

  void failed(
      Task task, Throwable cause, RetryPolicy policy, Consumer<Optional<RowState>> whenWritten) {
    RowState row = task.row();
    boolean isLast = row.isLastAttempt() || policy.isFinal(cause);
    OutboxStatus status = isLast ? OutboxStatus.FAILED : OutboxStatus.RETRY;
    RowUpdate update = new RowUpdate(status, row, LastError.of(cause), now());
    if (isLast) {
      HandledEvent given = task.event().toBuilder().attempt(row.nextAttempt()).build();
      send(new DeadLetter(given, task.origin(), cause, group), 1, task, update, whenWritten);
    } else {
      write(task, update, whenWritten);
    }
  }

  private void send(
      DeadLetter letter,
      int attempt,
      Task task,
      RowUpdate update,
      Consumer<Optional<RowState>> whenWritten) {
    letters.send(
        letter,
        failure ->
            mailbox.send(
                task,
                () -> {
                  if (failure == null) {
                    log.letterSent();
                    write(task, update, whenWritten);
                  } else {
                    log.letterRefused(task.event(), failure);
                    timers.at(
                        clock.instant().plus(LETTER.delay(attempt)),
                        () -> send(letter, attempt + 1, task, update, whenWritten));
                  }
                }));
  }

  private void write(Task task, RowUpdate update, Consumer<Optional<RowState>> whenWritten) {
    rows.ask(
        task.event().shard(),
        new RowRequest.Write(
            task.event().id(),
            update,
            after -> mailbox.send(task, () -> whenWritten.accept(after))));
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MICROS);
  }
}
