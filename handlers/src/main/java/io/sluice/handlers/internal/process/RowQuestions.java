package io.sluice.handlers.internal.process;

import io.sluice.handlers.internal.status.FoundRow;
import io.sluice.handlers.internal.status.RowRequest;
import io.sluice.handlers.internal.status.RowRequest.Confirmation;
import io.sluice.handlers.internal.status.Rows;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Asks for events' rows. An answer that is not waited for any more, because the event was deferred
 * or lost, is dropped. Owned by the domain's thread.
 */
final class RowQuestions {

  private final Rows rows;
  private final EventLoop loop;

  RowQuestions(Rows rows, EventLoop loop) {
    this.rows = rows;
    this.loop = loop;
  }

  /** Reads the row of an event, with its payload where that is not in memory. */
  void read(InFlightEvent event, Consumer<Optional<FoundRow>> whenRead) {
    int question = event.ask();
    rows.ask(
        event.shard(),
        new RowRequest.Read(
            event.id(),
            event.event().maxRetries(),
            event.redrives(),
            event.lastRow(),
            !event.isLoaded(),
            () -> event.isAsked(question),
            loop.receive(event, row -> pass(event, question, row, whenRead))));
  }

  /** Asks whether a row is gone or old for certain: the server may not have it yet. */
  void confirm(InFlightEvent event, Consumer<Confirmation> whenConfirmed) {
    int question = event.ask();
    rows.ask(
        event.shard(),
        new RowRequest.Confirm(
            event.id(),
            event.redrives(),
            event.origin().transaction(),
            loop.receive(event, answer -> pass(event, question, answer, whenConfirmed))));
  }

  private static <T> void pass(
      InFlightEvent event, int question, T answer, Consumer<T> whenAnswered) {
    if (event.isAsked(question)) {
      whenAnswered.accept(answer);
    }
  }
}
