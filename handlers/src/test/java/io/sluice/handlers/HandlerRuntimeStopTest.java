package io.sluice.handlers;

import static io.sluice.handlers.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.sluice.handlers.api.Unhandled;
import io.sluice.handlers.internal.deadletter.DeadLetterProducer;
import io.sluice.outbox.EventDomain;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.junit.jupiter.api.Test;

/** The end of a runtime, without brokers. */
class HandlerRuntimeStopTest {

  private static final Duration SECONDS = Duration.ofSeconds(30);

  private final GatedRows rows = new GatedRows();
  private final DeadLetterProducer letters =
      new DeadLetterProducer(InterruptibleProducer::new, InstantSource.system());
  private final HandlerRuntime runtime = new HandlerRuntime(Map.of(), rows, letters, SECONDS);

  /** Does not close before the gate is opened. */
  private static final class GatedRows extends DelegatingRows {

    private final CountDownLatch gate = new CountDownLatch(1);
    private final List<String> calls = new CopyOnWriteArrayList<>();

    @Override
    public void close() {
      calls.add("closing");
      try {
        gate.await();
      } catch (InterruptedException e) {
        calls.add("interrupted");
      }
      calls.add("closed");
    }
  }

  /** Behaves like the real producer if the closing thread is interrupted. */
  private static final class InterruptibleProducer extends MockProducer<byte[], byte[]> {
    @Override
    public void close(Duration timeout) {
      if (Thread.interrupted()) {
        throw new InterruptException("as if");
      }
    }
  }

  @Test
  void whoIsInterruptedClosesAllAndIsInterruptedThen() {
    letters.current();
    rows.gate.countDown();
    runtime.start();
    Thread.currentThread().interrupt();

    try (Logged logged = Logged.by(HandlerRuntime.class)) {
      StopReport report = runtime.stop(SECONDS);

      assertTrue(Thread.interrupted(), "the interrupt is set again");
      assertTrue(report.isClean());
      assertEquals(List.of("closing", "closed"), rows.calls);
      assertEquals(List.of(), logged.events());
    }
  }

  @Test
  void whoClosesWhileAnotherDoesWaitsForTheEnd() throws Exception {
    runtime.start();
    Thread first = new Thread(runtime::close);
    first.start();
    until("it closes", () -> rows.calls.contains("closing"));

    List<String> order = rows.calls;
    Thread second =
        new Thread(
            () -> {
              runtime.close();
              order.add("second");
            });
    second.start();
    until("the second waits", () -> second.getState() == Thread.State.TIMED_WAITING);
    rows.gate.countDown();
    first.join();
    second.join();

    assertEquals(List.of("closing", "closed", "second"), order);
  }

  @Test
  void whoClosesWhileAnotherDoesWaitsNoLongerThanItsTimeAndTheRest() throws Exception {
    runtime.start();
    Thread first = new Thread(runtime::close);
    first.start();
    until("it closes", () -> rows.calls.contains("closing"));

    try (Logged logged = Logged.by(HandlerRuntime.class)) {
      long begun = System.nanoTime();
      runtime.stop(Duration.ofMillis(10));

      assertTrue(System.nanoTime() - begun < Duration.ofSeconds(20).toNanos(), "four are the rest");
      assertEquals(List.of("closing"), rows.calls);
      assertEquals(
          List.of(
              "this handler runtime is being closed by another thread, which has not ended yet"),
          logged.events().stream().map(ILoggingEvent::getFormattedMessage).toList());
    }
    rows.gate.countDown();
    first.join();
  }

  @Test
  void aTimeThatCannotBeIsRefusedAndNothingIsStopped() {
    rows.gate.countDown();
    for (Duration timeout : List.of(Duration.ofSeconds(Long.MAX_VALUE), Duration.ofNanos(-1))) {
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> runtime.stop(timeout));
      assertEquals(
          "the timeout to stop handlers is %d s: it must be from 0 s to a day"
              .formatted(timeout.toSeconds()),
          refused.getMessage());
    }

    runtime.start();
    runtime.close();
  }

  /** Blocks the domain's thread, which creates the consumer, and ignores interrupts. */
  public static final class HoldingInterceptor implements ConsumerInterceptor<byte[], byte[]> {

    private static final AtomicInteger HELD = new AtomicInteger();
    private static final AtomicInteger INTERRUPTED = new AtomicInteger();
    private static final CountDownLatch GATE = new CountDownLatch(1);

    @Override
    public void configure(Map<String, ?> configs) {
      HELD.incrementAndGet();
      boolean waits = true;
      while (waits) {
        try {
          GATE.await();
          waits = false;
        } catch (InterruptedException e) {
          INTERRUPTED.incrementAndGet();
        }
      }
    }

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
      return records;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void close() {}
  }

  @Test
  void domainsThatDoNotEndAreReportedWithinOneGraceForAll() throws Exception {
    List<EventDomain> domains =
        Stream.of("A", "B", "C", "D", "E", "F", "G", "H").map(EventDomain::of).toList();
    HandlerRuntimeBuilder builder =
        HandlerRuntime.builder()
            .kafka(
                Map.of(
                    "bootstrap.servers",
                    "127.0.0.1:1",
                    "interceptor.classes",
                    HoldingInterceptor.class.getName()))
            .observer("held.")
            .unhandled(Unhandled.SKIP);
    domains.forEach(domain -> builder.handler(domain, "*", event -> {}));
    HandlerRuntime held = builder.build();
    held.start();
    until("all are held", () -> HoldingInterceptor.HELD.get() == domains.size());

    try {
      long begun = System.nanoTime();
      StopReport report = held.stop(Duration.ofMillis(100));

      assertTrue(System.nanoTime() - begun < Duration.ofSeconds(6).toNanos(), "one grace for all");
      assertEquals(Set.copyOf(domains), report.unended());
      assertEquals(domains.size(), HoldingInterceptor.INTERRUPTED.get());
      assertEquals(List.of(), report.abandoned());
      assertFalse(report.isClean());
    } finally {
      HoldingInterceptor.GATE.countDown();
    }
    until("all have ended late", () -> held.stop(Duration.ZERO).isClean());
  }
}
