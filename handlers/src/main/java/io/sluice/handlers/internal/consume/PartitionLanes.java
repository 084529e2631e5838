package io.sluice.handlers.internal.consume;

import io.sluice.handlers.internal.work.StepResult;
import io.sluice.handlers.internal.work.WorkerPool;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/**
 * The lanes of the partitions a consumer holds, and the way to the workers and back. Owned by the
 * consumer's thread; workers reach nothing but the queue of results.
 */
final class PartitionLanes {

  private static final Duration WITHOUT_THREAD = Duration.ofSeconds(1);

  private record Settled(PartitionLane lane, StepResult result) {}

  private final WorkerPool pool;
  private final InstantSource clock;
  private final Runnable wakeUp;
  private final Map<TopicPartition, PartitionLane> lanes = new HashMap<>();
  // Lanes given up while a worker had their first event. The partition may come back before the
  // worker does, and must not overtake it.
  private final List<PartitionLane> givenUp = new ArrayList<>();
  private final LinkedBlockingQueue<Settled> results = new LinkedBlockingQueue<>();

  /**
   * @param wakeUp called by workers after each result
   */
  PartitionLanes(WorkerPool pool, InstantSource clock, Runnable wakeUp) {
    this.pool = pool;
    this.clock = clock;
    this.wakeUp = wakeUp;
  }

  PartitionLane lane(TopicPartition partition) {
    return lanes.computeIfAbsent(partition, PartitionLane::new);
  }

  /** The lanes of all partitions held, and those given up that a worker is still busy with. */
  Collection<PartitionLane> all() {
    return Stream.concat(lanes.values().stream(), givenUp.stream()).toList();
  }

  /** The lanes of the partitions held. */
  Collection<PartitionLane> held() {
    return List.copyOf(lanes.values());
  }

  Set<TopicPartition> partitions() {
    return Set.copyOf(lanes.keySet());
  }

  /** The partitions held that have unfinished events. */
  Set<TopicPartition> busy() {
    return lanes.values().stream()
        .filter(PartitionLane::isBusy)
        .map(PartitionLane::partition)
        .collect(Collectors.toSet());
  }

  List<PartitionLane> of(Collection<TopicPartition> partitions) {
    return partitions.stream().map(lanes::get).filter(lane -> lane != null).toList();
  }

  /** Forgets these partitions; what a worker has in hand it brings to its end, for the row only. */
  void giveUp(Collection<TopicPartition> partitions) {
    for (PartitionLane lane : of(partitions)) {
      lanes.remove(lane.partition());
      if (lane.isRunning()) {
        givenUp.add(lane);
      }
    }
  }

  /** Takes in what workers have finished, and gives them what is due. */
  void turn() {
    collect();
    Instant now = clock.instant();
    startable()
        .filter(lane -> lane.due().filter(due -> !due.isAfter(now)).isPresent())
        .forEach(this::start);
  }

  /** Takes in what workers have finished. */
  void collect() {
    for (Settled settled = results.poll(); settled != null; settled = results.poll()) {
      settle(settled);
    }
  }

  private Stream<PartitionLane> startable() {
    return lanes.values().stream().filter(lane -> !isOvertaking(lane));
  }

  private boolean isOvertaking(PartitionLane lane) {
    return givenUp.stream().anyMatch(former -> former.partition().equals(lane.partition()));
  }

  private void start(PartitionLane lane) {
    ReceivedEvent first = lane.start();
    try {
      pool.work(
          first.event(),
          lane.progress(),
          result -> {
            results.add(new Settled(lane, result));
            wakeUp.run();
          });
    } catch (RuntimeException | Error e) {
      // No thread could be had; nobody would ever bring the lane back.
      lane.settle(new StepResult.Later(lane.progress(), WITHOUT_THREAD), clock.instant());
      throw e;
    }
  }

  private void settle(Settled settled) {
    if (!givenUp.remove(settled.lane())) {
      settled.lane().settle(settled.result(), clock.instant());
    }
  }

  /** How long until something is due, if nothing happens before; at most {@code longest}. */
  Duration untilDue(Duration longest) {
    Instant now = clock.instant();
    return startable()
        .flatMap(lane -> lane.due().stream())
        .map(due -> due.isAfter(now) ? Duration.between(now, due) : Duration.ZERO)
        .filter(wait -> wait.compareTo(longest) < 0)
        .min(Duration::compareTo)
        .orElse(longest);
  }

  /** Waits until workers have brought back the events of these lanes; whether they did in time. */
  boolean awaitWorkers(Collection<PartitionLane> which, Duration timeout)
      throws InterruptedException {
    Instant deadline = clock.instant().plus(timeout);
    while (which.stream().anyMatch(this::isAtWork)) {
      Duration left = Duration.between(clock.instant(), deadline);
      Settled settled = results.poll(Math.max(0, left.toMillis()), TimeUnit.MILLISECONDS);
      if (settled == null) {
        return false;
      }
      settle(settled);
    }
    return true;
  }

  private boolean isAtWork(PartitionLane lane) {
    return givenUp.contains(lane) || (lanes.containsValue(lane) && lane.isRunning());
  }

  /** Events that were begun and would be left half done. */
  List<ReceivedEvent> halfDone() {
    return all().stream().flatMap(lane -> lane.halfDone().stream()).toList();
  }
}
