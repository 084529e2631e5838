package io.sluice.handlers.internal.status;

import io.sluice.outbox.EventDomain;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A request for rows of a shard. It is answered at most once, on another thread. */
public sealed interface RowRequest {

  /** The id of the event; empty if the request concerns more than one event. */
  default String id() {
    return "";
  }

  /**
   * Reads a row.
   *
   * @param maxRetries the record's limit of failures
   * @param redrives the record's number of redrives
   * @param known the row as it was last read
   * @param withPayload whether the event's payload is needed too
   * @param wanted whether the answer is still needed
   * @param answer receives the row, or empty if it does not exist
   */
  record Read(
      String id,
      int maxRetries,
      int redrives,
      Optional<RowState> known,
      boolean withPayload,
      BooleanSupplier wanted,
      Consumer<Optional<FoundRow.Present>> answer)
      implements RowRequest {
    public Read {
      Objects.requireNonNull(id, "id");
    }

    @Override
    public int hashCode() {
      return id.hashCode();
    }
  }

  /**
   * Writes the outcome of an attempt.
   *
   * @param isAwaited whether the next event of the aggregate waits for it, so that it should not
   *     wait for others
   * @param answer receives the row after this write, or as another worker has written it
   */
  record Write(String id, RowUpdate update, boolean isAwaited, Consumer<Optional<RowState>> answer)
      implements RowRequest {
    public Write {
      Objects.requireNonNull(id, "id");
    }

    @Override
    public int hashCode() {
      return id.hashCode();
    }
  }

  /**
   * Parks an event behind another one that is FAILED.
   *
   * @param id the event to park
   * @param head the failed event
   */
  record Park(String id, String head, Consumer<ParkAnswer> answer) implements RowRequest {
    public Park {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(head, "head");
    }
  }

  /**
   * Finds the aggregates of a domain that have a FAILED event. Read page by page, between other
   * requests, because there may be many. Owned by the store's thread.
   */
  final class FailedHeads implements RowRequest {

    private final EventDomain domain;
    private final Consumer<Map<String, AggregateKey>> answer;
    private final Map<String, AggregateKey> found = new HashMap<>();
    private String lastRead = "";

    /**
     * @param answer receives the aggregate of each failed event that is not parked, by event id
     */
    public FailedHeads(EventDomain domain, Consumer<Map<String, AggregateKey>> answer) {
      this.domain = Objects.requireNonNull(domain, "domain");
      this.answer = Objects.requireNonNull(answer, "answer");
    }

    EventDomain domain() {
      return domain;
    }

    public Consumer<Map<String, AggregateKey>> answer() {
      return answer;
    }

    Map<String, AggregateKey> found() {
      return found;
    }

    /** The id of the last failed event that was read; empty before the first. */
    String lastRead() {
      return lastRead;
    }

    /**
     * Adds a failed event.
     *
     * @param aggregate its aggregate, if it is an event of the domain that is not parked
     */
    void read(String id, Optional<AggregateKey> aggregate) {
      lastRead = id;
      aggregate.ifPresent(known -> found.put(id, known));
    }
  }

  /**
   * Confirms that a row does not exist or was not redriven. A server that lags behind cannot
   * confirm this, because it may not have received the change yet.
   *
   * @param redrives the record's number of redrives
   * @param transaction the GTID of the transaction that wrote the row, if it is known
   */
  record Confirm(
      String id, int redrives, Optional<String> transaction, Consumer<Confirmation> answer)
      implements RowRequest {
    public Confirm {
      Objects.requireNonNull(id, "id");
    }
  }

  /**
   * Waits until the shard accepts reads and writes.
   *
   * @param answer runs when it does
   */
  record Probe(Runnable answer) implements RowRequest {
    public Probe {
      Objects.requireNonNull(answer, "answer");
    }
  }

  /** The answer to {@link Confirm}. */
  sealed interface Confirmation {

    /** The server is up to date. Contains its row, or empty if the row does not exist. */
    record Certain(Optional<RowState> row) implements Confirmation {}

    /** The row may still arrive. Contains the reason. */
    record Doubtful(String why) implements Confirmation {}
  }

  /** The answer to {@link Park}. */
  sealed interface ParkAnswer {

    /** The head is FAILED. Contains the event's current row, or empty if it does not exist. */
    record Behind(Optional<RowState> row) implements ParkAnswer {}

    /** The head was redriven and is not finished. */
    record HeadUnderWay() implements ParkAnswer {}

    /** The head is PUBLISHED or was discarded, so no event is parked behind it. */
    record HeadDone() implements ParkAnswer {}
  }
}
