package io.sluice.writer.testkit;

import io.sluice.writer.EventRow;
import io.sluice.writer.testkit.RecordedTransaction.Outcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** The ended transactions of an outbox. Thread-safe. */
final class RecordedTransactions {

  private final List<RecordedTransaction> ended = new ArrayList<>();

  synchronized void ended(Outcome outcome, List<EventRow> appended) {
    ended.add(new RecordedTransaction(outcome, appended));
  }

  synchronized List<RecordedTransaction> ended() {
    return List.copyOf(ended);
  }

  /** The ids of all written events. */
  synchronized Set<UUID> ids() {
    return ended.stream()
        .flatMap(transaction -> transaction.written().stream())
        .map(row -> row.event().id())
        .collect(Collectors.toCollection(HashSet::new));
  }
}
