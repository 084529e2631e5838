package io.sluice.handlers;

import io.sluice.handlers.api.AfterFailure;
import io.sluice.handlers.api.AsyncEventHandler;
import io.sluice.handlers.api.EventHandler;
import io.sluice.handlers.api.Handler;
import io.sluice.handlers.api.InvalidSettingsException;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.api.TransactionalEventHandler;
import io.sluice.handlers.api.Unhandled;
import io.sluice.handlers.api.WhileWaiting;
import io.sluice.handlers.internal.HandlerTimings;
import io.sluice.handlers.internal.consume.KafkaProperties;
import io.sluice.handlers.internal.dispatch.HandlerKey;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.TopicTemplate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Configures a {@link HandlerRuntime}. Kafka properties, shards, at least one handler, and what
 * becomes of events without one are needed; all else has a default. Settings are for all domains of
 * the runtime; for domains that need others build another one. Not thread-safe.
 */
public final class HandlerRuntimeBuilder {

  /** Default of {@link #groupPrefix}. */
  public static final String DEFAULT_GROUP_PREFIX = "sluice.handlers.";

  /** Default of {@link #concurrency}. */
  public static final int DEFAULT_CONCURRENCY = 32;

  /** Default of {@link #buffer}. */
  public static final int DEFAULT_BUFFERED_EVENTS = 10_000;

  /** Default of {@link #buffer}. */
  public static final long DEFAULT_BUFFERED_BYTES = 64L * 1024 * 1024;

  /** Default of {@link #writeBack}. */
  public static final int DEFAULT_WRITE_BACK_EVENTS = 500;

  /** Default of {@link #writeBack}: 5 ms. */
  public static final Duration DEFAULT_WRITE_BACK_LINGER = Duration.ofMillis(5);

  /** Default of {@link #closeTimeout}: 20 seconds. */
  public static final Duration DEFAULT_CLOSE_TIMEOUT = Duration.ofSeconds(20);

  /** Default of {@link #whileWaiting}. */
  public static final WhileWaiting DEFAULT_WHILE_WAITING = WhileWaiting.HOLD;

  /** Default of {@link #afterFailure}. */
  public static final AfterFailure DEFAULT_AFTER_FAILURE = AfterFailure.CONTINUE;

  final SettingsProblems problems = new SettingsProblems();
  final Map<HandlerKey, Given> handlers = new LinkedHashMap<>();
  KafkaProperties kafka = new KafkaProperties(Map.of());
  @Nullable ShardDataSources shards;
  TopicTemplate topics = TopicTemplate.DEFAULT;
  String groupPrefix = DEFAULT_GROUP_PREFIX;
  boolean isOwner = true;
  @Nullable EventHandler fallback;
  @Nullable Unhandled unhandled;
  RetryPolicy retry = RetryPolicy.DEFAULT;
  WhileWaiting whileWaiting = DEFAULT_WHILE_WAITING;
  AfterFailure afterFailure = DEFAULT_AFTER_FAILURE;
  int concurrency = DEFAULT_CONCURRENCY;
  int bufferedEvents = DEFAULT_BUFFERED_EVENTS;
  long bufferedBytes = DEFAULT_BUFFERED_BYTES;
  int batchSize = DEFAULT_WRITE_BACK_EVENTS;
  Duration linger = DEFAULT_WRITE_BACK_LINGER;
  Duration closeTimeout = DEFAULT_CLOSE_TIMEOUT;
  HandlerTimings timings = HandlerTimings.PRODUCTION;

  /** A handler, with its own policy where it has one. */
  record Given(Handler handler, @Nullable RetryPolicy policy) {}

  HandlerRuntimeBuilder() {}

  /**
   * Properties for the Kafka clients: {@code bootstrap.servers} at least. What the guarantees rest
   * on is the runtime's own and refused: group, deserializers, isolation level, offset commit and
   * reset, creation of topics, and {@code transactional.id}. So is every name that none of Kafka's
   * consumer, producer and admin client knows, for it is a mistake in writing. The default for
   * {@code partition.assignment.strategy} may be replaced. How to reach the brokers is also used
   * for the producer of dead letters.
   */
  public HandlerRuntimeBuilder kafka(Map<String, ?> properties) {
    kafka = new KafkaProperties(properties);
    return this;
  }

  /**
   * The shards whose events come on the topics. Events of any other shard wait until the worker is
   * started again with it, or a worker that knows it takes over.
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
   *
   * <p>A domain has one group that owns it. Where two groups with different prefixes do, both are
   * given each event, and whichever comes first handles it and finishes its row: the other passes
   * it over, or handles it too if both have begun. A group that is to see every event for itself is
   * an {@link #observer}.
   */
  public HandlerRuntimeBuilder groupPrefix(String prefix) {
    groupPrefix = Objects.requireNonNull(prefix, "prefix");
    return this;
  }

  /**
   * Makes the runtime one that only looks on: for teams that handle events of a domain whose status
   * is another group's to write. No row is read or written and no shard is needed; retries are
   * counted in memory, and begin anew when a worker does; handlers in transactions are not
   * possible.
   *
   * @param prefix of its own groups, as of {@link #groupPrefix}
   */
  public HandlerRuntimeBuilder observer(String prefix) {
    isOwner = false;
    return groupPrefix(prefix);
  }

  /**
   * The handler for a type of event. A domain takes part by its first handler.
   *
   * @param eventType an event type, or the beginning of several followed by {@code *}, as in {@code
   *     order_*}, or {@code *} for all of the domain; the longest that fits is taken
   */
  public HandlerRuntimeBuilder handler(EventDomain domain, String eventType, EventHandler handler) {
    return register(domain, eventType, plain(handler), null);
  }

  /** The same with a policy of its own. */
  public HandlerRuntimeBuilder handler(
      EventDomain domain, String eventType, EventHandler handler, RetryPolicy policy) {
    return register(domain, eventType, plain(handler), Objects.requireNonNull(policy, "policy"));
  }

  /** Like {@link #handler}, with one that ends later than its call. */
  public HandlerRuntimeBuilder asyncHandler(
      EventDomain domain, String eventType, AsyncEventHandler handler) {
    return register(domain, eventType, async(handler), null);
  }

  /** The same with a policy of its own. */
  public HandlerRuntimeBuilder asyncHandler(
      EventDomain domain, String eventType, AsyncEventHandler handler, RetryPolicy policy) {
    return register(domain, eventType, async(handler), Objects.requireNonNull(policy, "policy"));
  }

  /** Like {@link #handler}, with one whose effects and the event's status are one transaction. */
  public HandlerRuntimeBuilder transactionalHandler(
      EventDomain domain, String eventType, TransactionalEventHandler handler) {
    return register(domain, eventType, transactional(handler), null);
  }

  /** The same with a policy of its own. */
  public HandlerRuntimeBuilder transactionalHandler(
      EventDomain domain, String eventType, TransactionalEventHandler handler, RetryPolicy policy) {
    return register(
        domain, eventType, transactional(handler), Objects.requireNonNull(policy, "policy"));
  }

  // A class may be of several kinds: the method that registers it decides which it is called as.
  private static EventHandler plain(EventHandler handler) {
    Objects.requireNonNull(handler, "handler");
    return event -> handler.handle(event);
  }

  private static AsyncEventHandler async(AsyncEventHandler handler) {
    Objects.requireNonNull(handler, "handler");
    return event -> handler.handle(event);
  }

  private static TransactionalEventHandler transactional(TransactionalEventHandler handler) {
    Objects.requireNonNull(handler, "handler");
    return (event, connection) -> handler.handle(event, connection);
  }

  private HandlerRuntimeBuilder register(
      EventDomain domain, String eventType, Handler handler, @Nullable RetryPolicy policy) {
    HandlerKey key = new HandlerKey(domain, eventType);
    problems.checkType(key);
    if (handlers.putIfAbsent(key, new Given(handler, policy)) != null) {
      problems.add("two handlers are registered for %s: keep one".formatted(key));
    }
    return this;
  }

  /**
   * The handler for events of the domains that take part which no other is registered for. It is
   * called by the policy of {@link #retry}; one of another kind, or with a policy of its own, is
   * registered for {@code *} of each domain instead.
   */
  public HandlerRuntimeBuilder fallback(EventHandler handler) {
    fallback = plain(handler);
    return this;
  }

  /**
   * What becomes of events without a handler, where there is no fallback. To be said even where
   * {@code *} covers every domain.
   */
  public HandlerRuntimeBuilder unhandled(Unhandled policy) {
    unhandled = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /** The policy of handlers that have none of their own. Default {@link RetryPolicy#DEFAULT}. */
  public HandlerRuntimeBuilder retry(RetryPolicy policy) {
    retry = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /** What an aggregate's later events do while one waits. Default {@link WhileWaiting#HOLD}. */
  public HandlerRuntimeBuilder whileWaiting(WhileWaiting policy) {
    whileWaiting = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /**
   * What an aggregate's later events do once one is FAILED. Default {@link AfterFailure#CONTINUE}.
   */
  public HandlerRuntimeBuilder afterFailure(AfterFailure policy) {
    afterFailure = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /**
   * How many handlers of a domain are called at the same time, at most. On Java 21 and later each
   * call has a virtual thread; before that these are the threads. Default {@value
   * #DEFAULT_CONCURRENCY}.
   */
  public HandlerRuntimeBuilder concurrency(int perDomain) {
    concurrency = perDomain;
    return this;
  }

  /**
   * How much of a domain may be fetched and not finished before no more is fetched, which bounds
   * memory and what is delivered again after a crash. Events that cannot go on and fill it are left
   * in Kafka and fetched again later. Default {@value #DEFAULT_BUFFERED_EVENTS} events and 64 MiB
   * of payloads.
   */
  public HandlerRuntimeBuilder buffer(int events, long bytes) {
    bufferedEvents = events;
    bufferedBytes = bytes;
    return this;
  }

  /**
   * How many outcomes of a shard are written by one statement, at most, and how long the first of
   * them waits for others while handlers are at work. Default {@value #DEFAULT_WRITE_BACK_EVENTS}
   * and 5 ms.
   */
  public HandlerRuntimeBuilder writeBack(int most, Duration longest) {
    batchSize = most;
    linger = Objects.requireNonNull(longest, "linger");
    return this;
  }

  /**
   * How long {@link HandlerRuntime#close} takes at most, to fit within an orchestrator's grace
   * period. A quarter of it, four seconds at most, is kept for breaking off handlers that are busy
   * still, for the last offsets and for leaving the groups; handlers have the rest. Default 20
   * seconds, hence 16 for handlers. Where a thread, the brokers or a database hold it up, it may
   * take four seconds more.
   */
  public HandlerRuntimeBuilder closeTimeout(Duration timeout) {
    closeTimeout = Objects.requireNonNull(timeout, "timeout");
    return this;
  }

  /** Other internal periods, for tests. */
  HandlerRuntimeBuilder timings(HandlerTimings periods) {
    timings = periods;
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
    all.checkShards(isOwner, shards != null);
    all.check(!handlers.isEmpty(), "no handler is registered: call handler(…) at least once");
    all.checkUnhandled(fallback != null, unhandled);
    all.checkTopics(topics);
    all.checkGroupPrefix(groupPrefix, isOwner);
    all.checkObserver(this);
    all.checkOrder(whileWaiting, afterFailure);
    all.checkPositive("concurrency", concurrency);
    all.checkPositive("buffer events", bufferedEvents);
    all.checkPositive("buffer bytes", bufferedBytes);
    all.checkBatchSize(batchSize);
    all.checkLinger(linger);
    all.checkPositive("closeTimeout", closeTimeout);
    all.throwIfAny();
    return new RuntimeAssembly(this).runtime();
  }
}
