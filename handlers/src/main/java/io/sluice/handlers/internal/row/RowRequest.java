package io.sluice.handlers.internal.row;

import io.sluice.outbox.EventDomain;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What can be asked of a shard's rows. Each is answered once, on a thread that is not the asker's,
 * or never.
 */
public sealed interface RowRequest {

  /**
   * How does the row stand?
   *
   * @param maxRetries with how many failures the record said that the event is given up
   * @param redrives how often it had been redriven when the record was made
   * @param known how it stood when it was last seen, where it was
   * @param withPayload whether the event's payload is needed too
   * @param wanted whether the answer is still waited for
   * @param answer is given the row, or nothing where it is gone
   */
  record Read(
      String id,
      int maxRetries,
      int redrives,
      Optional<RowState> known,
      boolean withPayload,
      BooleanSupplier wanted,
      Consumer<Optional<FoundRow>> answer)
      implements RowRequest {
    public Read {
      Objects.requireNonNull(id, "id");
    }
  }

  /**
   * Write what an attempt came to.
   *
   * @param answer is given the row as it stands afterwards, by this write or another's
   */
  record Write(String id, RowUpdate update, Consumer<Optional<RowState>> answer)
      implements RowRequest {
    public Write {
      Objects.requireNonNull(id, "id");
    }
  }

  /**
   * Park an event behind another, if that one is FAILED.
   *
   * @param id of the event to be parked
   * @param head id of the one that failed
   */
  record Park(String id, String head, Consumer<ParkAnswer> answer) implements RowRequest {
    public Park {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(head, "head");
    }
  }

  /**
   * Which aggregates of a domain have an event that failed for good?
   *
   * @param answer is given the aggregate of each failed event that is not parked, by the event's id
   */
  record FailedHeads(EventDomain domain, Consumer<Map<String, AggregateKey>> answer)
      implements RowRequest {
    public FailedHeads {
      Objects.requireNonNull(domain, "domain");
    }
  }

  /**
   * A row was not found, or was found as it stood before it was redriven: is that certain, or has
   * this server not got there yet?
   *
   * @param redrives how often it had been redriven when the record was made
   * @param transaction the GTID of the transaction that wrote it, where that is known
   */
  record Confirm(
      String id, int redrives, Optional<String> transaction, Consumer<Confirmation> answer)
      implements RowRequest {
    public Confirm {
      Objects.requireNonNull(id, "id");
    }
  }

  /**
   * Does the shard answer questions after rows?
   *
   * @param answer is run once it does
   */
  record Probe(Runnable answer) implements RowRequest {
    public Probe {
      Objects.requireNonNull(answer, "answer");
    }
  }

  /** What came of {@link Confirm}. */
  sealed interface Confirmation {

    /** This is how the row stands for certain; nothing where it is gone. */
    record Certain(Optional<RowState> row) implements Confirmation {}

    /** It may still come, for this reason. */
    record Doubtful(String why) implements Confirmation {}
  }

  /** What came of {@link Park}. */
  sealed interface ParkAnswer {

    /** The head is FAILED, and this is how the event's row stands now; nothing where it is gone. */
    record Behind(Optional<RowState> row) implements ParkAnswer {}

    /**
     * The head was redriven and is not done with: its record is still to come, or was just read.
     */
    record HeadUnderWay() implements ParkAnswer {}

    /** The head is published or discarded: nothing is to be parked behind it. */
    record HeadDone() implements ParkAnswer {}
  }
}
