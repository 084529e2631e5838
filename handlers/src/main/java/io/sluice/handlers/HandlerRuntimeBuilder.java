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
import io.sluice.handlers.internal.consume.ClientVersion;
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
 * Configures a {@link HandlerRuntime}. Kafka properties, shards, at least one handler and a policy
 * for events without a handler are required; other settings have defaults. Settings apply to all
 * domains of the runtime. Domains that need other settings need another runtime. Not thread-safe.
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

  /**
   * Default of {@link #rowRetention}: 7 days, as of the relay's {@code cleanup.published-after}.
   */
  public static final Duration DEFAULT_ROW_RETENTION = Duration.ofDays(7);

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
  Duration rowRetention = DEFAULT_ROW_RETENTION;
  HandlerTimings timings = HandlerTimings.PRODUCTION;

  /** A handler, with a separate policy if it has one. */
  record Given(Handler handler, @Nullable RetryPolicy policy) {}

  HandlerRuntimeBuilder() {}

  /**
   * Sets properties of the Kafka clients, at least {@code bootstrap.servers}. The runtime sets the
   * properties that its guarantees rely on and rejects them here: group, deserializers, isolation
   * level, offset commit and reset, creation of topics, and {@code transactional.id}. It also
   * rejects names that are unknown to Kafka's consumer, producer and admin client, because they are
   * probably misspelled. {@code partition.assignment.strategy} may be set. Connection properties
   * also apply to the dead letter producer.
   */
  public HandlerRuntimeBuilder kafka(Map<String, ?> properties) {
    kafka = new KafkaProperties(properties);
    return this;
  }

  /**
   * Sets the shards whose events are on the topics. Events of other shards wait until this worker
   * is restarted with their shard, or until a worker that has it takes over.
   */
  public HandlerRuntimeBuilder shards(ShardDataSources dataSources) {
    shards = Objects.requireNonNull(dataSources, "dataSources");
    return this;
  }

  /** Sets the template of topic names, as in the relay. Default {@link TopicTemplate#DEFAULT}. */
  public HandlerRuntimeBuilder topics(TopicTemplate template) {
    topics = Objects.requireNonNull(template, "template");
    return this;
  }

  /**
   * Sets the prefix of consumer groups, which is followed by the domain in lower case. Default
   * {@value #DEFAULT_GROUP_PREFIX}, for example {@code sluice.handlers.chat}.
   *
   * <p>One group owns a domain. If two groups with different prefixes consume it, both receive each
   * event. The first to handle an event finishes its row. The other skips the event, or handles it
   * too if both have started. A group that needs to see every event is an {@link #observer}.
   */
  public HandlerRuntimeBuilder groupPrefix(String prefix) {
    groupPrefix = Objects.requireNonNull(prefix, "prefix");
    return this;
  }

  /**
   * Makes the runtime an observer, for teams that handle events of a domain that another group
   * owns. An observer reads and writes no rows and needs no shards. It counts retries in memory and
   * starts again after a restart. It cannot have transactional handlers.
   *
   * @param prefix the prefix of its groups, see {@link #groupPrefix}
   */
  public HandlerRuntimeBuilder observer(String prefix) {
    isOwner = false;
    return groupPrefix(prefix);
  }

  /**
   * Registers the handler of an event type. The runtime consumes all domains that have a handler.
   *
   * @param eventType an event type, or a prefix followed by {@code *}, as in {@code order_*}, or
   *     {@code *} for all types of the domain. The longest match applies
   */
  public HandlerRuntimeBuilder handler(EventDomain domain, String eventType, EventHandler handler) {
    return register(domain, eventType, plain(handler), null);
  }

  /** Like {@link #handler(EventDomain, String, EventHandler)}, with a separate retry policy. */
  public HandlerRuntimeBuilder handler(
      EventDomain domain, String eventType, EventHandler handler, RetryPolicy policy) {
    return register(domain, eventType, plain(handler), Objects.requireNonNull(policy, "policy"));
  }

  /**
   * Like {@link #handler(EventDomain, String, EventHandler)}, for a handler that ends later than
   * its call.
   */
  public HandlerRuntimeBuilder asyncHandler(
      EventDomain domain, String eventType, AsyncEventHandler handler) {
    return register(domain, eventType, async(handler), null);
  }

  /** Registers an asynchronous handler with a separate retry policy. */
  public HandlerRuntimeBuilder asyncHandler(
      EventDomain domain, String eventType, AsyncEventHandler handler, RetryPolicy policy) {
    return register(domain, eventType, async(handler), Objects.requireNonNull(policy, "policy"));
  }

  /**
   * Like {@link #handler(EventDomain, String, EventHandler)}, for a handler that runs in the
   * transaction of the event's status.
   */
  public HandlerRuntimeBuilder transactionalHandler(
      EventDomain domain, String eventType, TransactionalEventHandler handler) {
    return register(domain, eventType, transactional(handler), null);
  }

  /** Registers a transactional handler with a separate retry policy. */
  public HandlerRuntimeBuilder transactionalHandler(
      EventDomain domain, String eventType, TransactionalEventHandler handler, RetryPolicy policy) {
    return register(
        domain, eventType, transactional(handler), Objects.requireNonNull(policy, "policy"));
  }

  // A class can implement several handler types. The registering method determines which one is
  // used.
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
   * Sets the handler for events of the runtime's domains that no other handler matches. It has the
   * policy of {@link #retry}. For another handler type or policy, register {@code *} for each
   * domain instead.
   */
  public HandlerRuntimeBuilder fallback(EventHandler handler) {
    fallback = plain(handler);
    return this;
  }

  /**
   * Sets what happens to events without a handler. Required if there is no fallback, even if {@code
   * *} covers every domain.
   */
  public HandlerRuntimeBuilder unhandled(Unhandled policy) {
    unhandled = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /** Sets the policy of handlers without a separate one. Default {@link RetryPolicy#DEFAULT}. */
  public HandlerRuntimeBuilder retry(RetryPolicy policy) {
    retry = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /**
   * Sets what the later events of an aggregate do while one waits for its next attempt. Default
   * {@link WhileWaiting#HOLD}.
   */
  public HandlerRuntimeBuilder whileWaiting(WhileWaiting policy) {
    whileWaiting = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /**
   * Sets what the later events of an aggregate do after one is FAILED. Default {@link
   * AfterFailure#CONTINUE}.
   */
  public HandlerRuntimeBuilder afterFailure(AfterFailure policy) {
    afterFailure = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /**
   * Sets the maximum number of concurrent calls of a domain. On Java 21 and later, each call has a
   * virtual thread, otherwise a platform thread. Default {@value #DEFAULT_CONCURRENCY}.
   */
  public HandlerRuntimeBuilder concurrency(int perDomain) {
    concurrency = perDomain;
    return this;
  }

  /**
   * Sets how many events of a domain, and how many bytes of their payloads, are buffered before
   * fetching pauses. This limits memory and the events that are delivered again after a crash.
   * Deferred events drop their payloads to make room, and read them from their rows again. Default
   * {@value #DEFAULT_BUFFERED_EVENTS} events and 64 MiB of payloads.
   */
  public HandlerRuntimeBuilder buffer(int events, long bytes) {
    bufferedEvents = events;
    bufferedBytes = bytes;
    return this;
  }

  /**
   * Sets the maximum number of outcomes of a shard that one statement writes, and how long the
   * first of them waits for others while handlers are running. Default {@value
   * #DEFAULT_WRITE_BACK_EVENTS} and 5 ms.
   */
  public HandlerRuntimeBuilder writeBack(int most, Duration longest) {
    batchSize = most;
    linger = Objects.requireNonNull(longest, "linger");
    return this;
  }

  /**
   * Sets the timeout of {@link HandlerRuntime#close}. Choose it to fit into an orchestrator's grace
   * period. The last quarter of the timeout, four seconds at most, is reserved for cancelling
   * calls, for the last offsets and for leaving the groups. Default 20 seconds, of which handlers
   * have 16. Closing can take four seconds more if a thread, the brokers or a database do not
   * answer.
   */
  public HandlerRuntimeBuilder closeTimeout(Duration timeout) {
    closeTimeout = Objects.requireNonNull(timeout, "timeout");
    return this;
  }

  /**
   * Sets for how long rows are certainly kept after they are finished: at most the shortest of the
   * relay's {@code cleanup.published-after} and {@code cleanup.failed-after} of all shards, and of
   * what else deletes rows. Default 7 days, the relay's default.
   *
   * <p>An event whose row is missing is skipped if its record is older, since its row was cleaned
   * up. If its record is younger, the shard's data source may lead to another database, or its
   * table may have been replaced. Then the event waits for its row. If the rows of later events are
   * found, it goes to its dead-letter topic after a minute. With {@link Duration#ZERO}, every event
   * without a row is skipped.
   */
  public HandlerRuntimeBuilder rowRetention(Duration retention) {
    rowRetention = Objects.requireNonNull(retention, "retention");
    return this;
  }

  /** Replaces the internal periods, for tests. */
  HandlerRuntimeBuilder timings(HandlerTimings periods) {
    timings = periods;
    return this;
  }

  /**
   * Builds a runtime, which is not started.
   *
   * @throws InvalidSettingsException with all problems of the settings
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
    all.checkRowRetention(rowRetention);
    ClientVersion.problem().ifPresent(all::add);
    all.throwIfAny();
    return new RuntimeAssembly(this).runtime();
  }
}
