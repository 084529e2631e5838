package io.sluice.handlers.internal.flow;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.internal.deadletter.RecordOrigin;
import io.sluice.handlers.internal.dispatch.Invocation;
import io.sluice.handlers.internal.row.AggregateKey;
import io.sluice.handlers.internal.row.RowState;
import java.time.Instant;
import java.util.Optional;

/** An event on its way. Owned by the domain's thread. */
public final class Task {

  /** What it is doing. */
  enum Stage {
    /** Its row is asked for. */
    READING("for their row to be read"),
    /** Its row is known, and it waits for its turn. */
    KNOWN("behind others of their aggregate"),
    /** It waits for a place among the calls. */
    READY("for a place among the calls"),
    /** Its handler is called. */
    CALLED("for their handlers to end"),
    /** Its dead letter is sent, or its outcome is being written. */
    WRITING("for their row or their dead letter to be written"),
    /** It waits for the time of its next attempt. */
    WAITING("for their next attempt"),
    /** It waits for the record of a redriven event that is to come before it. */
    BEHIND("for a redriven event to come before them");

    private final String waits;

    Stage(String waits) {
      this.waits = waits;
    }

    /** For what events wait that are doing this. */
    String waits() {
      return waits;
    }
  }

  private final HandledEvent event;
  private final RecordOrigin origin;
  private final Place place;
  private final int redrives;
  private Stage stage = Stage.READING;
  private Optional<RowState> row = Optional.empty();
  private Instant readAt = Instant.MIN;
  private Optional<Invocation> invocation = Optional.empty();
  private Optional<Timers.Timer> timer = Optional.empty();
  private int setbacks;
  private int doubts;
  private boolean waited;
  private boolean certain;
  private int waitedOut;

  /**
   * @param redrives how often the event had been redriven when the record was made
   */
  public Task(HandledEvent event, RecordOrigin origin, Place place, int redrives) {
    this.event = event;
    this.origin = origin;
    this.place = place;
    this.redrives = redrives;
  }

  HandledEvent event() {
    return event;
  }

  RecordOrigin origin() {
    return origin;
  }

  Place place() {
    return place;
  }

  int redrives() {
    return redrives;
  }

  AggregateKey aggregate() {
    return new AggregateKey(event.shard(), event.aggregateType(), event.aggregateId());
  }

  /** Whether it was written later than another, as ids tell. */
  boolean isLaterThan(Task other) {
    return event.id().compareTo(other.event().id()) > 0;
  }

  Stage stage() {
    return stage;
  }

  void move(Stage next) {
    stage = next;
  }

  /** Whether others have it in hand, whose answer is to be awaited. */
  boolean isInHand() {
    return stage == Stage.CALLED || stage == Stage.WRITING;
  }

  /** Whether it waits for a time, and perhaps for something before that. */
  boolean isWaiting() {
    return stage == Stage.WAITING || stage == Stage.BEHIND;
  }

  /** The row as it was last seen, of an event that has one. */
  RowState row() {
    return row.orElseThrow();
  }

  /** The row as it was last seen; nothing where it was gone, or never asked for. */
  Optional<RowState> lastRow() {
    return row;
  }

  void know(Optional<RowState> seen, Instant at) {
    row = seen;
    certain = false;
    readAt = at;
  }

  /** The row as it is for certain, though the record tells otherwise. */
  void knowCertain(Optional<RowState> seen, Instant at) {
    know(seen, at);
    certain = true;
  }

  /**
   * Whether the row is missing, or stands as before a redrive that the record tells of, and the
   * server may not have got there yet.
   */
  boolean isDoubtful() {
    return !certain && row.filter(state -> state.redrives() >= redrives).isEmpty();
  }

  /** When the row was last seen. */
  Instant readAt() {
    return readAt;
  }

  /** The row may have changed: it is to be read again before anything else. */
  void forgetRow() {
    readAt = Instant.MIN;
  }

  /** The call under way. */
  Optional<Invocation> invocation() {
    return invocation;
  }

  void invoked(Optional<Invocation> call) {
    invocation = call;
  }

  /** What ends its waiting, or its call. */
  Optional<Timers.Timer> timer() {
    return timer;
  }

  void timed(Optional<Timers.Timer> value) {
    timer = value;
  }

  /** How often in a row it could not be worked on for reasons that are not its own, one more. */
  int countSetback() {
    return ++setbacks;
  }

  /** How often its shard has failed under its handler since a failure was counted, one more. */
  int countDoubt() {
    return ++doubts;
  }

  /** Whether some were counted, which would be forgotten with this. */
  boolean hasDoubts() {
    return doubts > 0;
  }

  void forgetSetbacks() {
    setbacks = 0;
    doubts = 0;
  }

  /** It waits the time that is due after so many failures. */
  void waitsOut(int failures) {
    waitedOut = failures;
  }

  /** Whether it has waited for that already, whatever the row's time says. */
  boolean hasWaitedOut(int failures) {
    return waitedOut == failures;
  }

  /** It had come to the front among those that wait for a place, and was sent away again. */
  void hasWaited() {
    waited = true;
  }

  /** Whether it need not wait for a place from the end once more. */
  boolean takeWaited() {
    boolean before = waited;
    waited = false;
    return before;
  }
}
