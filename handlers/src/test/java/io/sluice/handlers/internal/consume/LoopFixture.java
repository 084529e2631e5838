package io.sluice.handlers.internal.consume;

import static io.sluice.handlers.Until.until;
import static io.sluice.handlers.internal.consume.RememberingConsumer.P0;

import io.sluice.handlers.SettableClock;
import io.sluice.handlers.Until;
import io.sluice.handlers.api.AfterFailure;
import io.sluice.handlers.api.EventHandler;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.api.WhileWaiting;
import io.sluice.handlers.internal.HandlerTimings;
import io.sluice.handlers.internal.deadletter.DeadLetters;
import io.sluice.handlers.internal.deadletter.NoLetters;
import io.sluice.handlers.internal.dispatch.HandlerCalls;
import io.sluice.handlers.internal.dispatch.HandlerTable;
import io.sluice.handlers.internal.dispatch.Registration;
import io.sluice.handlers.internal.process.EventProcessor;
import io.sluice.handlers.internal.process.ProcessingSettings;
import io.sluice.handlers.internal.status.ObserverRows;
import io.sluice.outbox.EventDomain;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.Consumer;

/** A loop with consumers and handlers that the test controls. */
final class LoopFixture implements AutoCloseable {

  static final int BUFFERED = 10;

  final List<RememberingConsumer> consumers = new CopyOnWriteArrayList<>();
  final GatedHandler handler = new GatedHandler();
  final HandlerCalls calls =
      HandlerCalls.of(
          new HandlerTable(Map.of(), new Registration(handler, RetryPolicy.DEFAULT)),
          null,
          new ObserverRows(),
          "test-worker-",
          4);
  final DeadLetters letters =
      new DeadLetters(NoLetters.producer(), any -> Optional.empty(), "test-letters-");
  final SettableClock clock = new SettableClock();
  final EventProcessor processor =
      new EventProcessor(
          new ProcessingSettings(
              EventDomain.CHAT,
              "g",
              4,
              BUFFERED,
              1_000_000,
              WhileWaiting.HOLD,
              AfterFailure.CONTINUE,
              Duration.ofDays(7),
              HandlerTimings.PRODUCTION),
          new ObserverRows(),
          calls,
          letters,
          clock);
  final ConsumerLoop loop =
      new ConsumerLoop(
          new DomainStream(EventDomain.CHAT, Records.TOPIC, "g"), this::open, processor, clock);

  /** Records its events, and returns only when the gate is open. */
  static final class GatedHandler implements EventHandler {

    final List<String> begun = new CopyOnWriteArrayList<>();
    final Set<String> failing = ConcurrentHashMap.newKeySet();
    final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();

    CountDownLatch gate(String id) {
      CountDownLatch gate = new CountDownLatch(1);
      gates.put(id, gate);
      return gate;
    }

    @Override
    public void handle(HandledEvent event) throws Exception {
      begun.add(event.id());
      CountDownLatch gate = gates.get(event.id());
      if (gate != null) {
        gate.await();
      }
      if (failing.remove(event.id())) {
        throw new IllegalStateException("once");
      }
    }
  }

  private Consumer<byte[], byte[]> open() {
    consumers.add(RememberingConsumer.withTopic());
    return consumers.get(consumers.size() - 1);
  }

  RememberingConsumer first() {
    return consumers.get(0);
  }

  RememberingConsumer second() {
    return consumers.get(1);
  }

  void begin() {
    loop.runOnce();
    first().rebalance(List.of(P0));
  }

  /** Runs turns until the condition holds. */
  void turnUntil(String what, Until.Condition condition) throws Exception {
    until(
        what,
        () -> {
          loop.runOnce();
          clock.advance(Duration.ofMillis(200));
          return condition.holds();
        });
  }

  @Override
  public void close() {
    handler.gates.values().forEach(CountDownLatch::countDown);
    calls.close();
    letters.close();
  }
}
