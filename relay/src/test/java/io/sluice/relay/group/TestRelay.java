package io.sluice.relay.group;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.sandbox.server.process.Await;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A relay as far as the assignment knows it, which remembers what it was told. */
final class TestRelay implements OwnershipListener, AutoCloseable {

  private static final Duration BOUND = Duration.ofSeconds(30);

  private final List<String> told = new CopyOnWriteArrayList<>();
  private final Set<Integer> running = ConcurrentHashMap.newKeySet();
  private final Runnable release;
  private final ShardAssignment assignment;

  private TestRelay(AssignmentSettings settings, Runnable release) {
    this.release = release;
    this.assignment = ShardAssignment.start(settings, this);
  }

  static TestRelay start(AssignmentSettings settings) {
    return new TestRelay(settings, () -> {});
  }

  /** One that does this before it has let go of anything. */
  static TestRelay start(AssignmentSettings settings, Runnable release) {
    return new TestRelay(settings, release);
  }

  /** The topic stands for the group as well. */
  static AssignmentSettings settings(
      String bootstrapServers,
      String topic,
      Optional<String> instance,
      Supplier<AssignmentPlan> plan) {
    return new AssignmentSettings(
        kafka(bootstrapServers), topic + ".relays", topic, instance, plan);
  }

  static KafkaSettings kafka(String bootstrapServers) {
    return new KafkaSettings(Map.of("bootstrap.servers", bootstrapServers));
  }

  static AssignmentPlan equalShares(int partitions) {
    Map<Integer, Share> shares = new HashMap<>();
    for (int partition = 0; partition < partitions; partition++) {
      shares.put(partition, Share.of(1));
    }
    return new AssignmentPlan(shares);
  }

  /** Waits for the condition; gives the time that took. */
  static Duration await(BooleanSupplier condition, Supplier<String> otherwise) {
    long begin = System.nanoTime();
    assertTrue(Await.until(BOUND, condition), otherwise);
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  Duration awaitOwned(int count) {
    return await(() -> owned().size() == count, () -> "%d of %s".formatted(count, told));
  }

  ShardAssignment assignment() {
    return assignment;
  }

  /** By what it was told and by what it is told when it asks. */
  Set<Integer> owned() {
    Set<Integer> owned = new TreeSet<>(running);
    owned.removeIf(partition -> !assignment.owns(partition));
    return owned;
  }

  List<String> told() {
    return List.copyOf(told);
  }

  @Override
  public void acquired(Set<Integer> partitions) {
    told.add("acquired " + partitions);
    running.addAll(partitions);
  }

  @Override
  public void released(Set<Integer> partitions) {
    release.run();
    told.add("released " + partitions);
    running.removeAll(partitions);
  }

  @Override
  public void lost(Set<Integer> partitions) {
    told.add("lost " + partitions);
    running.removeAll(partitions);
  }

  @Override
  public void close() {
    assignment.close();
  }
}
