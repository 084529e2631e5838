package io.sluice.handlers;

import io.sluice.handlers.api.EventHandler;
import io.sluice.handlers.api.InvalidSettingsException;
import io.sluice.handlers.internal.consume.ConsumerLoop;
import io.sluice.handlers.internal.consume.DomainStream;
import io.sluice.handlers.internal.consume.KafkaProperties;
import io.sluice.handlers.internal.dispatch.Dispatcher;
import io.sluice.handlers.internal.dispatch.HandlerKey;
import io.sluice.handlers.internal.retry.Backoff;
import io.sluice.handlers.internal.retry.RetryDecider;
import io.sluice.handlers.internal.status.ShardHealth;
import io.sluice.handlers.internal.status.StatusWriter;
import io.sluice.handlers.internal.work.EventWorker;
import io.sluice.handlers.internal.work.OutcomeCounters;
import io.sluice.handlers.internal.work.WorkerPool;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.TopicTemplate;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Configures a {@link HandlerRuntime}. Kafka properties, shards and at least one handler are
 * needed; all else has a default. Not thread-safe.
 */
public final class HandlerRuntimeBuilder {

  /** Default of {@link #groupPrefix}. */
  public static final String DEFAULT_GROUP_PREFIX = "sluice.handlers.";

  /** Default of {@link #threads}. */
  public static final int DEFAULT_THREADS = 16;

  private static final Backoff DATABASE_BACKOFF =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));

  private final SettingsProblems problems = new SettingsProblems();
  private final Map<HandlerKey, EventHandler> handlers = new LinkedHashMap<>();
  private KafkaProperties kafka = new KafkaProperties(Map.of());
  private @Nullable ShardDataSources shards;
  private TopicTemplate topics = TopicTemplate.DEFAULT;
  private String groupPrefix = DEFAULT_GROUP_PREFIX;
  private Duration initialBackoff = Duration.ofSeconds(1);
  private Duration maxBackoff = Duration.ofMinutes(1);
  private int threads = DEFAULT_THREADS;
  private Duration closeTimeout = Duration.ofSeconds(20);

  HandlerRuntimeBuilder() {}

  /**
   * Properties for the Kafka consumers: {@code bootstrap.servers} at least. Group, deserializers,
   * isolation level, offset commit and offset reset are the runtime's own and not to be given. Its
   * defaults for {@code max.poll.records} (100, which bounds what a waiting partition holds in
   * memory) and {@code partition.assignment.strategy} may be replaced.
   */
  public HandlerRuntimeBuilder kafka(Map<String, ?> properties) {
    kafka = new KafkaProperties(properties);
    return this;
  }

  /**
   * The shards whose events come on the topics. A partition with an event of any other shard stops
   * there until a worker that knows the shard takes over.
   */
  public HandlerRuntimeBuilder shards(ShardDataSources dataSources) {
    shards = Objects.requireNonNull(dataSources, "dataSources");
    return this;
  }

  /** How topics are called; the relay's setting. Default {@link TopicTemplate#DEFAULT}. */
  public HandlerRuntimeBuilder topics(TopicTemplate template) {
    topics = Objects.requireNonNull(template, "template");
    return this;
  }

  /**
   * What consumer groups are called before the domain in lower case. Default {@value
   * #DEFAULT_GROUP_PREFIX}, hence {@code sluice.handlers.chat}.
   */
  public HandlerRuntimeBuilder groupPrefix(String prefix) {
    groupPrefix = Objects.requireNonNull(prefix, "prefix");
    return this;
  }

  /**
   * The handler for a type of event. A domain takes part by its first handler; an event of that
   * domain whose type has none becomes FAILED at once.
   */
  public HandlerRuntimeBuilder handler(EventDomain domain, String eventType, EventHandler handler) {
    HandlerKey key = new HandlerKey(domain, eventType);
    problems.checkType(key);
    if (handlers.putIfAbsent(key, Objects.requireNonNull(handler, "handler")) != null) {
      problems.add("two handlers are registered for %s: keep one".formatted(key));
    }
    return this;
  }

  /**
   * How long an event waits after its first failure, and at most; it doubles in between, and up to
   * a half is taken off at random. Default one second and one minute.
   */
  public HandlerRuntimeBuilder retryBackoff(Duration initial, Duration max) {
    initialBackoff = Objects.requireNonNull(initial, "initial");
    maxBackoff = Objects.requireNonNull(max, "max");
    return this;
  }

  /**
   * How many partitions of a domain are worked on at the same time, at most. Default {@value
   * #DEFAULT_THREADS}. Where a domain has more partitions, so many slow ones hold up the rest.
   */
  public HandlerRuntimeBuilder threads(int perDomain) {
    threads = perDomain;
    return this;
  }

  /** How long {@link HandlerRuntime#close} gives to what is in hand. Default 20 seconds. */
  public HandlerRuntimeBuilder closeTimeout(Duration timeout) {
    closeTimeout = Objects.requireNonNull(timeout, "timeout");
    return this;
  }

  /**
   * The runtime, not yet started.
   *
   * @throws InvalidSettingsException with all that is wrong
   */
  public HandlerRuntime build() {
    SettingsProblems all = problems.copy();
    all.addAll(kafka.problems());
    all.check(shards != null, "no shards are given: call shards(…) with their data sources");
    all.check(!handlers.isEmpty(), "no handler is registered: call handler(…) at least once");
    all.checkGroupPrefix(groupPrefix);
    all.checkBackoff(initialBackoff, maxBackoff);
    all.check(threads > 0, "threads is %d: it must be 1 or more".formatted(threads));
    all.checkPositive("closeTimeout", closeTimeout);
    all.throwIfAny();
    OutcomeCounters counters = new OutcomeCounters();
    EventWorker worker = worker(Objects.requireNonNull(shards), counters);
    Map<EventDomain, ConsumerLoop> loops = new TreeMap<>();
    for (HandlerKey key : handlers.keySet()) {
      loops.computeIfAbsent(key.domain(), domain -> loop(domain, worker, counters));
    }
    return new HandlerRuntime(loops, counters, closeTimeout);
  }

  private EventWorker worker(ShardDataSources reachable, OutcomeCounters counters) {
    RetryDecider decider =
        new RetryDecider(
            new Backoff(initialBackoff, maxBackoff), DATABASE_BACKOFF, Clock.systemUTC());
    return new EventWorker(
        new StatusWriter(reachable),
        new ShardHealth(),
        new Dispatcher(handlers),
        decider,
        counters);
  }

  private ConsumerLoop loop(EventDomain domain, EventWorker worker, OutcomeCounters counters) {
    DomainStream stream =
        new DomainStream(domain, topics.topic(domain), groupPrefix + domain.lowerCaseName());
    KafkaProperties properties = kafka;
    return new ConsumerLoop(
        stream,
        () -> properties.consumer(stream.group()),
        WorkerPool.of(worker, HandlerRuntime.threadPrefix(domain) + "worker", threads),
        counters,
        new MonotonicClock());
  }
}
