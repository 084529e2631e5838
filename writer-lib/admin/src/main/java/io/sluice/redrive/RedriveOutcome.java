package io.sluice.redrive;

import io.sluice.repository.EventKey;
import java.util.Objects;

/** The result of redriving or discarding one event. */
public sealed interface RedriveOutcome {

  /**
   * The event was redriven or discarded.
   *
   * @param followers number of later events of its aggregate that were redriven after it
   */
  record Done(int followers) implements RedriveOutcome {
    public Done {
      if (followers < 0) {
        throw new IllegalArgumentException("followers: " + followers);
      }
    }
  }

  /** The event was passed over; nothing was changed. */
  sealed interface PassedOver extends RedriveOutcome {

    /** The reason and the remedy, without the event's id. */
    String reason();
  }

  /** Its shard has no row with this id. */
  record NotFound() implements PassedOver {
    @Override
    public String reason() {
      return "there is no such event: it was cleaned up or discarded, or it is in another shard";
    }
  }

  /**
   * The event is not FAILED.
   *
   * @param status the status as stored, which may be unknown
   */
  record NotFailed(String status) implements PassedOver {
    public NotFailed {
      Objects.requireNonNull(status, "status");
    }

    @Override
    public String reason() {
      return "it is not FAILED but " + status;
    }
  }

  /**
   * The event is parked behind another event of its aggregate and must not overtake that event.
   *
   * @param head the failed event that it is parked behind
   */
  record Parked(EventKey head) implements PassedOver {
    public Parked {
      Objects.requireNonNull(head, "head");
    }

    @Override
    public String reason() {
      return "parked behind %s: redrive or discard %s".formatted(head.id(), head.id());
    }
  }

  /** Another transaction holds a lock on its row or on a follower's row. */
  record Busy() implements PassedOver {
    @Override
    public String reason() {
      return "busy: another transaction holds its row or the row of a follower; try again";
    }
  }

  /**
   * MySQL cannot delete or insert its row or a follower's row.
   *
   * @param reason the reason and the remedy
   */
  record Refused(String reason) implements PassedOver {
    public Refused {
      Objects.requireNonNull(reason, "reason");
    }
  }
}
