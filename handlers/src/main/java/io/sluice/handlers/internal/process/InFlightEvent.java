package io.sluice.handlers.internal.process;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.internal.dispatch.Invocation;
import io.sluice.handlers.internal.status.AggregateKey;
import io.sluice.handlers.internal.status.RowState;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An event that was read from its topic and is not finished. Owned by the domain's thread, except
 * {@link #isAsked}.
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
   * @param outstanding to be kept up to date with its stage
   */
  InFlightEvent(HandledEvent event, DeliveredRecord record, OutstandingEvents outstanding) {
    this.event = event;
    this.aggregate = new AggregateKey(event.shard(), event.aggregateType(), event.aggregateId());
    this.record = record;
    this.outstanding = outstanding;
    this.redrives = record.origin().redrives();
    this.payloadLength = event.payloadLength();
  }

  /** The event; without its payload where it is not {@link #isLoaded loaded}. */
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

  /** How often the event had been redriven when its record was made. */
  int redrives() {
    return redrives;
  }

  AggregateKey aggregate() {
    return aggregate;
  }

  /** Whether it was written after another one, by the order of their ids. */
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

  /** How long a handler, a database or a broker has been working on it. */
  Duration outstandingFor() {
    return outstanding.age(this);
  }

  /** Whether another worker has to finish it. */
  boolean isLost() {
    return !record.isHeld() && !isOutstanding();
  }

  /** It waits for this from now on; its row is to be read again after that. */
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

  /** What it waits for, as the end of a sentence. */
  String waits() {
    return isDeferred() ? awaited.waits() : stage.waits();
  }

  // The payload

  /** Whether the payload is in memory. */
  boolean isLoaded() {
    return loaded;
  }

  /** How many bytes the payload of the record has. */
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

  /** How it counts in the buffer, which alone changes that. */
  Buffer.Share share() {
    return share;
  }

  void share(Buffer.Share value) {
    share = value;
  }

  // The row

  /**
   * Its row is asked for.
   *
   * @return the number of the question, with which {@link #isAsked} is asked
   */
  int ask() {
    on(Signal.ROW_REQUESTED);
    return questions.incrementAndGet();
  }

  /** Whether the answer to this question is still waited for. Thread-safe. */
  boolean isAsked(int question) {
    return questions.get() == question && record.isHeld();
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
    know(seen, at, false);
  }

  /** The row as it is for certain, though the record says otherwise. */
  void knowCertain(Optional<RowState> seen, Instant at) {
    know(seen, at, true);
  }

  private void know(Optional<RowState> seen, Instant at, boolean isCertain) {
    row = seen;
    readAt = at;
    certain = isCertain;
  }

  /**
   * Whether the row is missing, or stands as before a redrive that the record shows, and the server
   * may not have it yet.
   */
  boolean isDoubtful() {
    return !certain && row.filter(state -> state.redrives() >= redrives).isEmpty();
  }

  /** Whether the row is gone, says that the event is finished, or was redriven since. */
  boolean isFinished() {
    return row.filter(state -> !state.status().isFinal() && state.redrives() <= redrives).isEmpty();
  }

  /** Whether the row was seen at this time or later. */
  boolean isReadSince(Instant time) {
    return !readAt.isBefore(time);
  }

  /** It has its turn again, which begins with reading its row. */
  void reconsider() {
    on(Signal.RECONSIDERED);
    forgetRow();
  }

  /** The row may have changed: it has to be read again before anything else. */
  private void forgetRow() {
    readAt = Instant.MIN;
  }

  // The attempt

  /** The call that runs. */
  Optional<Invocation> invocation() {
    return invocation;
  }

  void invoked(Optional<Invocation> call) {
    invocation = call;
  }

  /** Whether a timer ends its deferral, or its call. */
  boolean hasTimer() {
    return timer.isPresent();
  }

  void timer(EventLoop.Timer value) {
    timer = Optional.of(value);
  }

  /** Its timer, if there is one, which is not its timer any more. */
  Optional<EventLoop.Timer> takeTimer() {
    Optional<EventLoop.Timer> taken = timer;
    timer = Optional.empty();
    return taken;
  }

  /**
   * One more failure that says nothing about the event.
   *
   * @return how many there were in a row
   */
  int countSetback() {
    return ++setbacks;
  }

  /**
   * One more failure of its shard under its handler.
   *
   * @return how many there were since a failure was counted
   */
  int countDoubt() {
    return ++doubts;
  }

  void forgetSetbacks() {
    setbacks = 0;
    doubts = 0;
  }

  /** It waits the time that is due after so many failures. */
  void waitFor(int failures) {
    failuresWaitedFor = failures;
  }

  /** Whether it has waited for that already, whatever the row's time says. */
  boolean hasWaitedFor(int failures) {
    return failuresWaitedFor == failures;
  }
}
