package io.sluice.handlers.internal.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.handlers.internal.status.AggregateKey;
import io.sluice.handlers.internal.status.FoundRow;
import io.sluice.handlers.internal.status.RowRequest;
import io.sluice.handlers.internal.status.RowRequest.Confirmation;
import io.sluice.handlers.internal.status.RowRequest.ParkAnswer;
import io.sluice.handlers.internal.status.RowState;
import io.sluice.handlers.internal.status.Rows;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ParkedBehind;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Rows in memory. Reads are answered immediately, writes when the test decides. */
final class HeldRows implements Rows {

  /** The payload of every row. */
  static final String PAYLOAD = "of the row";

  private final Map<String, RowState> rows = new HashMap<>();
  private final Map<String, AggregateKey> failed = new HashMap<>();
  private final Deque<ParkAnswer> parkAnswers = new ArrayDeque<>();
  private final List<RowRequest.Write> held = new ArrayList<>();
  private final List<String> parked = new ArrayList<>();
  private final Map<ShardId, List<RowRequest>> silent = new HashMap<>();
  private final Set<ShardId> unknown = new HashSet<>();
  private final Set<ShardId> unnoticed = new HashSet<>();
  private final Deque<RowRequest.Park> heldParks = new ArrayDeque<>();
  private final List<String> reloaded = new ArrayList<>();
  private Optional<String> doubt = Optional.empty();
  private boolean holdsWrites;
  private int confirmations;

  static RowState parkedBehind(String head) {
    return new RowState(
        OutboxStatus.FAILED, 0, 5, 0, Instant.now(), Optional.of(new ParkedBehind(head)));
  }

  /** Creates a row that was redriven. */
  static RowState redriven(OutboxStatus status) {
    return new RowState(status, 0, 5, 1, Instant.now(), Optional.empty());
  }

  static RowState row(OutboxStatus status, int retryCount, Instant updatedAt) {
    return new RowState(status, retryCount, 5, 0, updatedAt, Optional.empty());
  }

  /** Sets a row. */
  void set(String id, RowState row) {
    rows.put(id, row);
  }

  void set(String id, OutboxStatus status) {
    set(id, row(status, 0, Instant.now()));
  }

  /** Makes all rows older by this duration. */
  void age(Duration time) {
    rows.replaceAll(
        (id, row) ->
            new RowState(
                row.status(),
                row.retryCount(),
                row.maxRetries(),
                row.redrives(),
                row.updatedAt().minus(time),
                row.parked()));
  }

  /** Stops a shard from answering, which makes it away immediately. */
  void silence(ShardId shard) {
    silent.put(shard, new ArrayList<>());
  }

  /** Stops a shard from answering, which does not make it away yet. */
  void hang(ShardId shard) {
    silence(shard);
    unnoticed.add(shard);
  }

  /** Makes a shard that does not answer away. */
  void notice(ShardId shard) {
    unnoticed.remove(shard);
  }

  /** The number of unanswered reads whose answers are still needed. */
  long wantedReads(ShardId shard) {
    return Objects.requireNonNull(silent.get(shard), "silent").stream()
        .filter(request -> request instanceof RowRequest.Read read && read.wanted().getAsBoolean())
        .count();
  }

  void remove(String id) {
    rows.remove(id);
  }

  /** Removes the data source of a shard. */
  void unknown(ShardId shard) {
    unknown.add(shard);
  }

  /** Drops the requests to a shard that does not answer. */
  void forgetQuestions(ShardId shard) {
    silence(shard);
  }

  /** Answers the requests to a shard, and all later ones. */
  void answer(ShardId shard) {
    List<RowRequest> asked = Objects.requireNonNull(silent.remove(shard), "silent");
    asked.forEach(request -> ask(shard, request));
  }

  /** The number of requests to confirm that a row is missing. */
  int confirmations() {
    return confirmations;
  }

  /** Sets the reason why missing rows may still arrive, if they may. */
  void doubt(Optional<String> why) {
    doubt = why;
  }

  /** Adds a failed event to the answer about failed events. */
  void failed(String id, AggregateKey aggregate) {
    failed.put(id, aggregate);
  }

  /** Removes an event that is no longer FAILED. */
  void redriven(String id) {
    failed.remove(id);
  }

  /** Answers the first held park request. */
  void answerHeldParking(ParkAnswer answer) {
    heldParks.remove().answer().accept(answer);
  }

  /** Sets the answers to the next park requests, in order. */
  void answerParking(ParkAnswer... answers) {
    parkAnswers.addAll(List.of(answers));
  }

  /** The ids of events of all park requests, each with the id of its head. */
  List<String> parked() {
    return List.copyOf(parked);
  }

  void holdWrites() {
    holdsWrites = true;
  }

  /** Executes the held writes. */
  void releaseWrites() {
    holdsWrites = false;
    List<RowRequest.Write> writes = List.copyOf(held);
    held.clear();
    writes.forEach(this::write);
  }

  int heldWrites() {
    return held.size();
  }

  private void write(RowRequest.Write write) {
    RowState after = write.update().before().after(write.update());
    rows.put(write.id(), after);
    write.answer().accept(Optional.of(after));
  }

  @Override
  public boolean reaches(ShardId shard) {
    return !unknown.contains(shard);
  }

  @Override
  public boolean havePayloads() {
    return true;
  }

  @Override
  public boolean isAway(ShardId shard) {
    return silent.containsKey(shard) && !unnoticed.contains(shard);
  }

  @Override
  public Set<ShardId> away() {
    return silent.keySet().stream().filter(this::isAway).collect(Collectors.toSet());
  }

  @Override
  public void ask(ShardId shard, RowRequest request) {
    if (silent.containsKey(shard)) {
      silent.get(shard).add(request);
    } else if (request instanceof RowRequest.Read read) {
      read.answer().accept(Optional.ofNullable(rows.get(read.id())).map(row -> found(read, row)));
    } else if (request instanceof RowRequest.Write write && holdsWrites) {
      held.add(write);
    } else if (request instanceof RowRequest.Write write) {
      write(write);
    } else if (request instanceof RowRequest.FailedHeads heads) {
      heads.answer().accept(Map.copyOf(failed));
    } else if (request instanceof RowRequest.Park park) {
      parked.add(park.id() + " behind " + park.head());
      if (parkAnswers.isEmpty()) {
        heldParks.add(park);
      } else {
        park.answer().accept(parkAnswers.remove());
      }
    } else if (request instanceof RowRequest.Confirm confirm) {
      confirmations++;
      confirm
          .answer()
          .accept(
              doubt
                  .<Confirmation>map(Confirmation.Doubtful::new)
                  .orElseGet(
                      () -> new Confirmation.Certain(Optional.ofNullable(rows.get(confirm.id())))));
    } else if (request instanceof RowRequest.Probe probe) {
      probe.answer().run();
    }
  }

  private FoundRow.Present found(RowRequest.Read read, RowState row) {
    if (!read.withPayload()) {
      return FoundRow.Present.withoutPayload(row);
    }
    reloaded.add(read.id());
    return new FoundRow.Present(row, Optional.of(PAYLOAD.getBytes(UTF_8)));
  }

  /** The ids of events whose payload was read with their row. */
  List<String> reloaded() {
    return List.copyOf(reloaded);
  }

  @Override
  public void callBegun(ShardId shard) {}

  @Override
  public void callEnded(ShardId shard) {}

  @Override
  public void close() {}
}
