package io.sluice.handlers.internal.consume;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.internal.work.EventWork;
import io.sluice.handlers.internal.work.Progress;
import io.sluice.handlers.internal.work.StepResult;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Work whose results a test decides, by event id; what is not decided is finished at once. */
final class ScriptedWork implements EventWork {

  private final Map<String, Queue<StepResult>> results = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
  private final List<String> started = new CopyOnWriteArrayList<>();

  @Override
  public StepResult run(HandledEvent event, Progress progress, BooleanSupplier abandoned) {
    started.add(event.id());
    CountDownLatch gate = gates.get(event.id());
    if (gate != null && !passes(gate)) {
      return new StepResult.Abandoned();
    }
    StepResult decided = results.getOrDefault(event.id(), new LinkedBlockingQueue<>()).poll();
    return decided == null ? new StepResult.Finished() : decided;
  }

  private static boolean passes(CountDownLatch gate) {
    try {
      return gate.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      return false;
    }
  }

  /** The next turn on this event comes to this. */
  void result(String id, StepResult result) {
    results.computeIfAbsent(id, any -> new LinkedBlockingQueue<>()).add(result);
  }

  /** Turns on this event do not come back before this is counted down. */
  CountDownLatch gate(String id) {
    return gates.computeIfAbsent(id, any -> new CountDownLatch(1));
  }

  /** The ids of the events in the order of the turns on them. */
  List<String> started() {
    return started;
  }
}
