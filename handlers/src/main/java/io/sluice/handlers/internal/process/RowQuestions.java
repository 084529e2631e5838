package io.sluice.handlers.internal.process;

import io.sluice.handlers.internal.status.FoundRow;
import io.sluice.handlers.internal.status.RowRequest;
import io.sluice.handlers.internal.status.RowRequest.Confirmation;
import io.sluice.handlers.internal.status.Rows;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Requests the rows of events. Answers that are no longer needed, because the event was deferred or
 * lost, are dropped. Owned by the domain's thread.
 */
final class RowQuestions {

  private final Rows rows;
  private final EventLoop loop;
  private final Consumer<InFlightEvent> whenKnown;

  /**
   * @param whenKnown called with an event when its row is known
   */
  RowQuestions(Rows rows, EventLoop loop, Consumer<InFlightEvent> whenKnown) {
    this.rows = rows;
    this.loop = loop;
    this.whenKnown = whenKnown;
  }

  /** Reads the row of an event, with the payload unless it is in memory. */
  void read(InFlightEvent event) {
    int question = event.ask();
    read(
        event,
        !event.isLoaded(),
        () -> event.isAsked(question),
        receive(event, question, row -> wasRead(event, row)));
  }

  private void read(
      InFlightEvent event,
      boolean withPayload,
      BooleanSupplier wanted,
      Consumer<Optional<FoundRow.Present>> answer) {
    rows.ask(
        event.shard(),
        new RowRequest.Read(
            event.id(),
            event.event().maxRetries(),
            event.redrives(),
            event.lastRow(),
            withPayload,
            wanted,
            answer));
  }

  private void wasRead(InFlightEvent event, Optional<FoundRow.Present> row) {
    row.flatMap(FoundRow.Present::payload).ifPresent(event::load);
    event.on(Signal.ROW_KNOWN);
    event.know(row.map(FoundRow.Present::row), loop.now());
    whenKnown.accept(event);
  }

  /** Reads the row of an event that does not need it, to see whether it has one. */
  void look(InFlightEvent event, Runnable whenPresent) {
    read(
        event,
        false,
        event.record()::isHeld,
        loop.receive(event, row -> row.ifPresent(present -> whenPresent.run())));
  }

  /**
   * Confirms that a row is gone or old. The server may lag behind and not have it yet.
   *
   * @param whenDoubtful receives the reason if this cannot be confirmed
   */
  void confirm(InFlightEvent event, Consumer<String> whenDoubtful) {
    int question = event.ask();
    rows.ask(
        event.shard(),
        new RowRequest.Confirm(
            event.id(),
            event.redrives(),
            event.record().origin().transaction(),
            receive(event, question, answer -> confirmed(event, answer, whenDoubtful))));
  }

  private void confirmed(InFlightEvent event, Confirmation answer, Consumer<String> whenDoubtful) {
    if (answer instanceof Confirmation.Certain certain) {
      event.on(Signal.ROW_KNOWN);
      event.knowCertain(certain.row(), loop.now());
      whenKnown.accept(event);
    } else if (answer instanceof Confirmation.Doubtful doubtful) {
      whenDoubtful.accept(doubtful.why());
    }
  }

  private <T> Consumer<T> receive(InFlightEvent event, int question, Consumer<T> action) {
    return loop.receive(
        event,
        answer -> {
          if (event.isAsked(question)) {
            action.accept(answer);
          }
        });
  }
}
