package io.sluice.handlers;

import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.internal.HandlerThreads;
import io.sluice.handlers.internal.consume.ConsumerLoop;
import io.sluice.handlers.internal.consume.DomainStream;
import io.sluice.handlers.internal.consume.KafkaProperties;
import io.sluice.handlers.internal.consume.RecordPayloads;
import io.sluice.handlers.internal.deadletter.DeadLetterProducer;
import io.sluice.handlers.internal.deadletter.DeadLetters;
import io.sluice.handlers.internal.dispatch.HandlerCalls;
import io.sluice.handlers.internal.dispatch.HandlerKey;
import io.sluice.handlers.internal.dispatch.HandlerTable;
import io.sluice.handlers.internal.dispatch.Registration;
import io.sluice.handlers.internal.process.EventProcessor;
import io.sluice.handlers.internal.process.ProcessingSettings;
import io.sluice.handlers.internal.status.ObserverRows;
import io.sluice.handlers.internal.status.Rows;
import io.sluice.handlers.internal.status.ShardStatusStores;
import io.sluice.handlers.internal.status.WriteBatching;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardDataSources;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Builds a runtime and all its parts from valid settings. */
final class RuntimeAssembly {

  private final HandlerRuntimeBuilder from;
  private final InstantSource clock = monotonicClock();
  private final Rows rows;
  private final DeadLetterProducer producer;
  private final HandlerTable handlers;

  RuntimeAssembly(HandlerRuntimeBuilder from) {
    this.from = from;
    this.rows =
        from.isOwner ? statusStores(Objects.requireNonNull(from.shards)) : new ObserverRows();
    this.producer =
        new DeadLetterProducer(from.kafka.forDeadLetters(from.timings.deadLetterBlock()), clock);
    this.handlers = table();
  }

  /** Creates a clock for waits. It is close to the system time and is never set back. */
  private static InstantSource monotonicClock() {
    Instant start = Instant.now();
    long startNanos = System.nanoTime();
    return () -> start.plusNanos(System.nanoTime() - startNanos);
  }

  private Rows statusStores(ShardDataSources shards) {
    return new ShardStatusStores(
        shards,
        new WriteBatching(from.batchSize, from.linger),
        from.timings,
        clock,
        // Platform threads, because drivers that block while they hold a monitor would pin virtual
        // ones.
        HandlerThreads.daemons("sluice-handlers-rows-"));
  }

  private HandlerTable table() {
    Map<HandlerKey, Registration> registered = new HashMap<>();
    from.handlers.forEach(
        (key, given) ->
            registered.put(key, new Registration(given.handler(), policy(given.policy()))));
    Registration rest =
        from.fallback != null
            ? new Registration(from.fallback, from.retry)
            : HandlerTable.without(Objects.requireNonNull(from.unhandled), from.retry);
    return new HandlerTable(registered, rest);
  }

  private RetryPolicy policy(@Nullable RetryPolicy own) {
    return own == null ? from.retry : own;
  }

  HandlerRuntime runtime() {
    Map<EventDomain, DomainWorker> workers = new TreeMap<>();
    for (HandlerKey key : from.handlers.keySet()) {
      workers.computeIfAbsent(key.domain(), this::worker);
    }
    return new HandlerRuntime(workers, rows, producer, from.closeTimeout);
  }

  private DomainWorker worker(EventDomain domain) {
    DomainStream stream =
        new DomainStream(
            domain, from.topics.topic(domain), from.groupPrefix + domain.lowerCaseName());
    String threads = HandlerRuntime.threadPrefix(domain);
    KafkaProperties kafka = from.kafka;
    DeadLetters letters =
        new DeadLetters(
            producer, new RecordPayloads(() -> kafka.reader(stream.group())), threads + "letters-");
    HandlerCalls calls = calls(threads);
    EventProcessor processor = new EventProcessor(settings(stream), rows, calls, letters, clock);
    ConsumerLoop loop =
        new ConsumerLoop(stream, () -> kafka.consumer(stream.group()), processor, clock);
    return new DomainWorker(stream.group(), rows, loop, processor, calls, letters);
  }

  private ProcessingSettings settings(DomainStream stream) {
    return new ProcessingSettings(
        stream.domain(),
        stream.group(),
        from.concurrency,
        from.bufferedEvents,
        from.bufferedBytes,
        from.whileWaiting,
        from.afterFailure,
        from.rowRetention,
        from.timings);
  }

  private HandlerCalls calls(String threads) {
    return HandlerCalls.of(handlers, from.shards, rows, threads + "worker-", from.concurrency);
  }
}
