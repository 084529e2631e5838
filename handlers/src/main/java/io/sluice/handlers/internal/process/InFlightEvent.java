package io.sluice.handlers.internal.process;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.internal.dispatch.Invocation;
import io.sluice.handlers.internal.status.AggregateKey;
import io.sluice.handlers.internal.status.RowState;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An event that was polled and is not finished. Owned by the domain's thread, except {@link
 * #isAsked}.
 */
final class InFlightEvent {

  private static final byte[] NOTHING = {};

  private final AggregateKey aggregate;
  private final DeliveredRecord record;
  private final OutstandingEvents outstanding;
  private final int redrives;
  private final int payloadLength;
  private final AtomicInteger questions = new AtomicInteger();
  private HandledEvent event;
  private @Nullable AggregateQueue queue;
  private boolean repeated;
  private boolean followed;
  private boolean loaded = true;
  private Buffer.Share share = Buffer.Share.NONE;
  private Stage stage = Stage.QUEUED;
  private Awaited awaited = Awaited.PREDECESSOR;
  private Optional<RowState> row = Optional.empty();
  private Instant readAt = Instant.MIN;
  private boolean certain;
  private Optional<Invocation> invocation = Optional.empty();
  private Optional<EventLoop.Timer> timer = Optional.empty();
  private int setbacks;
  private int doubts;
  private int failuresWaitedFor;

  /**
   * @param outstanding updated when the stage changes
   */
  InFlightEvent(HandledEvent event, DeliveredRecord record, OutstandingEvents outstanding) {
    this.event = event;
    this.aggregate = new AggregateKey(event.shard(), event.aggregateType(), event.aggregateId());
    this.record = record;
    this.outstanding = outstanding;
    this.redrives = record.origin().redrives();
    this.payloadLength = event.payloadLength();
  }

  /** The event. Its payload is empty unless it is {@link #isLoaded loaded}. */
  HandledEvent event() {
    return event;
  }

  String id() {
    return event.id();
  }

  ShardId shard() {
    return event.shard();
  }

  DeliveredRecord record() {
    return record;
  }

  /** The number of redrives of the event at the time when its record was written. */
  int redrives() {
    return redrives;
  }

  AggregateKey aggregate() {
    return aggregate;
  }

  /** Marks the event as a copy of one that was in flight when it came. */
  void repeated() {
    repeated = true;
  }

  /** Whether the event is a copy. Its row is not read ahead, because the first may change it. */
  boolean isRepeated() {
    return repeated;
  }

  /** The queue of its aggregate, from the moment it is added. */
  AggregateQueue queue() {
    return Objects.requireNonNull(queue, "queue");
  }

  void queue(AggregateQueue value) {
    queue = value;
  }

  /** Notes that an event of the aggregate has come after this one. */
  void followed() {
    followed = true;
  }

  /** Whether another event of the aggregate waits for this one. */
  boolean isFollowed() {
    return followed;
  }

  /** Whether this event was written after another one. Ids are ordered by time. */
  boolean isLaterThan(InFlightEvent other) {
    return id().compareTo(other.id()) > 0;
  }

  // The stage

  Stage stage() {
    return stage;
  }

  void on(Signal signal) {
    Stage before = stage;
    stage = before.next(signal);
    outstanding.moved(this, before, stage);
  }

  boolean isOutstanding() {
    return stage.isOutstanding();
  }

  /** How long a handler, a database or a broker has been working on the event. */
  Duration outstandingFor() {
    return outstanding.age(this);
  }

  /** Whether the partition was revoked and the event is not outstanding. */
  boolean isLost() {
    return !record.isHeld() && !isOutstanding();
  }

  /** Defers the event. Its row must be read again before it continues. */
  void defer(Awaited what) {
    on(Signal.MUST_WAIT);
    awaited = what;
    questions.incrementAndGet();
    forgetRow();
  }

  boolean isDeferred() {
    return stage == Stage.DEFERRED;
  }

  boolean awaits(Awaited what) {
    return isDeferred() && awaited == what;
  }

  /** What the event waits for, as the end of a sentence. */
  String waits() {
    return isDeferred() ? awaited.waits() : stage.waits();
  }

  // The payload

  /** Whether the payload is in memory. */
  boolean isLoaded() {
    return loaded;
  }

  /** The payload size of the record in bytes. */
  int payloadLength() {
    return payloadLength;
  }

  void load(byte[] payload) {
    event = event.toBuilder().payload(payload).build();
    loaded = true;
  }

  void dropPayload() {
    if (!loaded) {
      return;
    }
    event = event.toBuilder().payload(NOTHING).build();
    loaded = false;
  }

  /** The event's share in the buffer. Only {@link Buffer} changes it. */
  Buffer.Share share() {
    return share;
  }

  void share(Buffer.Share value) {
    share = value;
  }

  // The row

  /**
   * Starts a request for the row, which supersedes earlier ones.
   *
   * @return the number of the request, for {@link #isAsked}
   */
  int ask() {
    on(Signal.ROW_REQUESTED);
    return questions.incrementAndGet();
  }

  /** Whether the answer to this request is still needed. Thread-safe. */
  boolean isAsked(int question) {
    return questions.get() == question && record.isHeld();
  }

  /** The last known row of an event that has one. */
  RowState row() {
    return row.orElseThrow();
  }

  /** The last known row; empty if it was gone or never read. */
  Optional<RowState> lastRow() {
    return row;
  }

  void know(Optional<RowState> seen, Instant at) {
    know(seen, at, false);
  }

  /** Sets a row that is confirmed, although it contradicts the record. */
  void knowCertain(Optional<RowState> seen, Instant at) {
    know(seen, at, true);
  }

  private void know(Optional<RowState> seen, Instant at, boolean isCertain) {
    row = seen;
    readAt = at;
    certain = isCertain;
  }

  /**
   * Whether the row is missing or older than the redrive of the record, and this is not confirmed.
   * The server may lag behind.
   */
  boolean isDoubtful() {
    return !certain && row.filter(state -> state.redrives() >= redrives).isEmpty();
  }

  /** Whether the row is gone, has a final status, or was redriven after the record. */
  boolean isFinished() {
    return row.filter(state -> !state.status().isFinal() && state.redrives() <= redrives).isEmpty();
  }

  /** Whether the row was read at this time or later. */
  boolean isReadSince(Instant time) {
    return !readAt.isBefore(time);
  }

  /** Returns the event to its queue. Its row must be read again first. */
  void reconsider() {
    on(Signal.RECONSIDERED);
    forgetRow();
  }

  /** The row may have changed, so it must be read again. */
  private void forgetRow() {
    readAt = Instant.MIN;
  }

  // The attempt

  /** The running call. */
  Optional<Invocation> invocation() {
    return invocation;
  }

  void invoked(Optional<Invocation> call) {
    invocation = call;
  }

  /** Whether a timer is set that ends the deferral or the call. */
  boolean hasTimer() {
    return timer.isPresent();
  }

  void timer(EventLoop.Timer value) {
    timer = Optional.of(value);
  }

  /**
   * Removes the timer.
   *
   * @return the removed timer, if there was one
   */
  Optional<EventLoop.Timer> takeTimer() {
    Optional<EventLoop.Timer> taken = timer;
    timer = Optional.empty();
    return taken;
  }

  /**
   * Counts a failure that is not the event's own.
   *
   * @return the number of such failures in a row
   */
  int countSetback() {
    return ++setbacks;
  }

  /**
   * Counts a failure of the shard while the handler ran.
   *
   * @return the number of such failures since the last failure of the event itself
   */
  int countDoubt() {
    return ++doubts;
  }

  void forgetSetbacks() {
    setbacks = 0;
    doubts = 0;
  }

  /** Records that the event serves the backoff after this number of failures. */
  void waitFor(int failures) {
    failuresWaitedFor = failures;
  }

  /**
   * Whether the event has served the backoff after this number of failures. Independent of the
   * row's update time, which another machine's clock sets.
   */
  boolean hasWaitedFor(int failures) {
    return failuresWaitedFor == failures;
  }
}
