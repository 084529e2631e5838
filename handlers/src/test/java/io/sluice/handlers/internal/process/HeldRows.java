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

/** Rows in memory: they are read at once, and written when the test says so. */
final class HeldRows implements Rows {

  /** That of each row. */
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

  static RowState parkedBehind(String head) {
    return new RowState(
        OutboxStatus.FAILED, 0, 5, 0, Instant.now(), Optional.of(new ParkedBehind(head)));
  }

  /** A row that was redriven. */
  static RowState redriven(OutboxStatus status) {
    return new RowState(status, 0, 5, 1, Instant.now(), Optional.empty());
  }

  static RowState row(OutboxStatus status, int retryCount, Instant updatedAt) {
    return new RowState(status, retryCount, 5, 0, updatedAt, Optional.empty());
  }

  /** The row as it stands from now on. */
  void set(String id, RowState row) {
    rows.put(id, row);
  }

  void set(String id, OutboxStatus status) {
    set(id, row(status, 0, Instant.now()));
  }

  /** So much more time has passed since rows were written. */
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

  /** From now on the shard does not answer, and that has been noticed. */
  void silence(ShardId shard) {
    silent.put(shard, new ArrayList<>());
  }

  /** From now on the shard does not answer, which has not been noticed yet. */
  void hang(ShardId shard) {
    silence(shard);
    unnoticed.add(shard);
  }

  /** It is noticed that the shard does not answer. */
  void notice(ShardId shard) {
    unnoticed.remove(shard);
  }

  /** How many reads are not answered that are still waited for. */
  long wantedReads(ShardId shard) {
    return Objects.requireNonNull(silent.get(shard), "silent").stream()
        .filter(request -> request instanceof RowRequest.Read read && read.wanted().getAsBoolean())
        .count();
  }

  void remove(String id) {
    rows.remove(id);
  }

  /** This worker has no data source for the shard. */
  void unknown(ShardId shard) {
    unknown.add(shard);
  }

  /** What a shard that does not answer was asked is never answered. */
  void forgetQuestions(ShardId shard) {
    silence(shard);
  }

  /** The shard answers what it was asked, and what it will be. */
  void answer(ShardId shard) {
    List<RowRequest> asked = Objects.requireNonNull(silent.remove(shard), "silent");
    asked.forEach(request -> ask(shard, request));
  }

  /** Whether what rows do not show may still come to them, and why. */
  void doubt(Optional<String> why) {
    doubt = why;
  }

  /** What else has failed for good, as the shard will say when it is asked. */
  void failed(String id, AggregateKey aggregate) {
    failed.put(id, aggregate);
  }

  /** It is not FAILED any more. */
  void redriven(String id) {
    failed.remove(id);
  }

  /** The answer to the first that was to be parked before there was one. */
  void answerHeldParking(ParkAnswer answer) {
    heldParks.remove().answer().accept(answer);
  }

  /** What is answered where an event is to be parked, one after the other. */
  void answerParking(ParkAnswer... answers) {
    parkAnswers.addAll(List.of(answers));
  }

  /** Ids of events that were to be parked, each with the one in front. */
  List<String> parked() {
    return List.copyOf(parked);
  }

  void holdWrites() {
    holdsWrites = true;
  }

  /** Writes what was held. */
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

  /** Ids of events whose payload was read with their row. */
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
