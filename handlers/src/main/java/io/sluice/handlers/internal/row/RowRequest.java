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
   * @param known how it stood when it was last seen, where it was
   * @param wanted whether anybody still waits for the answer
   * @param answer is given the row, or nothing where it is gone
   */
  record Read(
      String id,
      int maxRetries,
      Optional<RowState> known,
      BooleanSupplier wanted,
      Consumer<Optional<RowState>> answer)
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
   * Is a row that was not found gone for certain?
   *
   * @param transaction the GTID of the transaction that wrote it, where that is known
   */
  record Missing(String id, Optional<String> transaction, Consumer<Absence> answer)
      implements RowRequest {
    public Missing {
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

  /** What came of {@link Missing}. */
  sealed interface Absence {

    /** It was there, and is no more. */
    record Certain() implements Absence {}

    /** It may still come, for this reason. */
    record Doubtful(String why) implements Absence {}

    /** It is there now. */
    record There() implements Absence {}
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
