package io.sluice.writer.testkit;

import io.sluice.writer.EventRow;
import io.sluice.writer.testkit.RecordedTransaction.Outcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** The transactions that have ended. Thread-safe by its monitor. */
final class Ledger {

  private final List<RecordedTransaction> ended = new ArrayList<>();

  synchronized void ended(Outcome outcome, List<EventRow> appended) {
    ended.add(new RecordedTransaction(outcome, appended));
  }

  synchronized List<RecordedTransaction> ended() {
    return List.copyOf(ended);
  }

  /** Of all events written. */
  synchronized Set<UUID> ids() {
    return ended.stream()
        .flatMap(transaction -> transaction.written().stream())
        .map(row -> row.event().id())
        .collect(Collectors.toCollection(HashSet::new));
  }
}
