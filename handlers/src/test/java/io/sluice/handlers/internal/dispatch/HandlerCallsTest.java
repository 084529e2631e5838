package io.sluice.handlers.internal.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sluice.handlers.api.EventHandler;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.internal.status.ObserverRows;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HandlerCallsTest {

  @Test
  void knowsTheThreadsThatItCallsHandlersOn() throws Exception {
    List<HandlerCalls> self = new ArrayList<>();
    CompletableFuture<Boolean> within = new CompletableFuture<>();
    Registration asking =
        new Registration(
            (EventHandler) event -> within.complete(self.get(0).isCalling()), RetryPolicy.DEFAULT);
    try (HandlerCalls calls =
        HandlerCalls.of(
            new HandlerTable(Map.of(), asking), null, new ObserverRows(), "test-worker-", 1)) {
      self.add(calls);
      HandledEvent event =
          HandledEvent.builder(EventDomain.CHAT, "message_sent")
              .id("1")
              .shard(ShardId.GLOBAL)
              .aggregate("room", "7")
              .payload("{}")
              .build();

      calls.begin(event, 0, asking, outcome -> {});

      assertEquals(true, within.get(30, TimeUnit.SECONDS));
      assertFalse(calls.isCalling(), "this thread");
    }
  }
}
