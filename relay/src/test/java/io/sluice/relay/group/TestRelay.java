package io.sluice.relay.group;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.sandbox.server.process.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A group member that records the calls of its listener. */
final class TestRelay implements OwnershipListener, AutoCloseable {

  private static final Duration BOUND = Duration.ofSeconds(30);

  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final Set<Integer> running = ConcurrentHashMap.newKeySet();
  private final Runnable release;
  private final ShardAssignment assignment;

  private TestRelay(AssignmentSettings settings, Runnable release) {
    this.release = release;
    this.assignment = new ShardAssignment(settings);
  }

  static TestRelay start(AssignmentSettings settings) {
    return start(settings, () -> {});
  }

  /** A member that runs this before each release ends. */
  static TestRelay start(AssignmentSettings settings, Runnable release) {
    TestRelay relay = new TestRelay(settings, release);
    relay.assignment.start(relay);
    return relay;
  }

  /** The group is named after the topic. */
  static AssignmentSettings settings(
      String bootstrapServers, String topic, Optional<String> instance) {
    return new AssignmentSettings(kafka(bootstrapServers), topic + ".relays", topic, instance);
  }

  static KafkaSettings kafka(String bootstrapServers) {
    return new KafkaSettings(Map.of("bootstrap.servers", bootstrapServers));
  }

  /**
   * Waits for the condition.
   *
   * @return how long that took
   */
  static Duration await(BooleanSupplier condition, Supplier<String> otherwise) {
    long begin = System.nanoTime();
    assertTrue(Await.until(BOUND, condition), otherwise);
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  Duration awaitOwned(int count) {
    return await(() -> owned().size() == count, () -> "%d of %s".formatted(count, calls));
  }

  ShardAssignment assignment() {
    return assignment;
  }

  /** The partitions that both the listener's calls and the assignment report as owned. */
  Set<Integer> owned() {
    Set<Integer> owned = new TreeSet<>(running);
    owned.removeIf(partition -> !assignment.owns(partition));
    return owned;
  }

  List<String> calls() {
    return List.copyOf(calls);
  }

  @Override
  public void acquired(Set<Integer> partitions) {
    calls.add("acquired " + partitions);
    running.addAll(partitions);
  }

  @Override
  public void released(Set<Integer> partitions) {
    release.run();
    calls.add("released " + partitions);
    running.removeAll(partitions);
  }

  @Override
  public void lost(Set<Integer> partitions) {
    calls.add("lost " + partitions);
    running.removeAll(partitions);
  }

  @Override
  public void close() {
    assignment.close();
  }
}
