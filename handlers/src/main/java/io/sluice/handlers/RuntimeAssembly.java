package io.sluice.handlers;

import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.internal.consume.ConsumerLoop;
import io.sluice.handlers.internal.consume.DomainStream;
import io.sluice.handlers.internal.consume.KafkaProperties;
import io.sluice.handlers.internal.deadletter.DeadLetters;
import io.sluice.handlers.internal.desk.ShardDesks;
import io.sluice.handlers.internal.desk.WriteBatching;
import io.sluice.handlers.internal.dispatch.HandlerCalls;
import io.sluice.handlers.internal.dispatch.HandlerKey;
import io.sluice.handlers.internal.dispatch.HandlerTable;
import io.sluice.handlers.internal.dispatch.HandlerThreads;
import io.sluice.handlers.internal.dispatch.Registration;
import io.sluice.handlers.internal.process.EventProcessor;
import io.sluice.handlers.internal.process.ProcessingSettings;
import io.sluice.handlers.internal.row.MemoryRows;
import io.sluice.handlers.internal.row.Rows;
import io.sluice.handlers.internal.transaction.RowTransactions;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardDataSources;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts a runtime together out of valid settings. */
final class RuntimeAssembly {

  private final HandlerRuntimeBuilder from;
  private final MonotonicClock clock = new MonotonicClock();
  private final Rows rows;
  private final DeadLetterProducer producer;
  private final HandlerTable handlers;

  RuntimeAssembly(HandlerRuntimeBuilder from) {
    this.from = from;
    this.rows = from.isOwner ? desks(Objects.requireNonNull(from.shards)) : new MemoryRows();
    this.producer =
        new DeadLetterProducer(() -> from.kafka.producer(from.timings.deadLetterBlock()), clock);
    this.handlers = table();
  }

  private Rows desks(ShardDataSources shards) {
    return new ShardDesks(
        shards,
        new WriteBatching(from.batchSize, from.linger),
        from.timings,
        clock,
        // Few, and drivers that hold locks while they wait would hold up virtual ones of handlers.
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
    DeadLetters letters = new DeadLetters(producer, threads + "letters-");
    HandlerCalls calls = calls(threads);
    EventProcessor processor = new EventProcessor(settings(stream), rows, calls, letters, clock);
    KafkaProperties kafka = from.kafka;
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
        from.timings);
  }

  private HandlerCalls calls(String threads) {
    RowTransactions transactions = from.shards == null ? null : new RowTransactions(from.shards);
    return HandlerCalls.of(handlers, transactions, threads + "worker-", from.concurrency);
  }
}
