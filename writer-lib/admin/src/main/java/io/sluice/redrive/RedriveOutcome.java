package io.sluice.redrive;

import io.sluice.repository.EventKey;
import java.util.Objects;

/** What became of an event that was to be redriven or discarded. */
public sealed interface RedriveOutcome {

  /**
   * It was.
   *
   * @param followers how many later events of its aggregate were sent again after it
   */
  record Done(int followers) implements RedriveOutcome {
    public Done {
      if (followers < 0) {
        throw new IllegalArgumentException("followers: " + followers);
      }
    }
  }

  /** It was not, and nothing was changed. */
  sealed interface PassedOver extends RedriveOutcome {

    /** Why, and what to do, as a sentence without the event's id. */
    String reason();
  }

  /** No row of its shard has its id. */
  record NotFound() implements PassedOver {
    @Override
    public String reason() {
      return "there is no such event: it was cleaned up or discarded, or is of another shard";
    }
  }

  /**
   * It has not failed.
   *
   * @param status it has instead, as it stands in the row, be it a known one or not
   */
  record NotFailed(String status) implements PassedOver {
    public NotFailed {
      Objects.requireNonNull(status, "status");
    }

    @Override
    public String reason() {
      return "it has not failed but is " + status;
    }
  }

  /**
   * It waits for another event of its aggregate; alone it would overtake that.
   *
   * @param head the one that failed
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

  /** Its row, or one that has to go with it, is held or being written by somebody else. */
  record Busy() implements PassedOver {
    @Override
    public String reason() {
      return "busy: its row, or one of its aggregate that has to go with it, is held or being written by"
          + " somebody else; try again";
    }
  }

  /**
   * The row, or one that has to go with it, cannot be inserted again, or not be deleted.
   *
   * @param reason why, and what to do
   */
  record Refused(String reason) implements PassedOver {
    public Refused {
      Objects.requireNonNull(reason, "reason");
    }
  }
}
