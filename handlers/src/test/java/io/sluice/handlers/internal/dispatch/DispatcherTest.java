package io.sluice.handlers.internal.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.api.EventHandler;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.UnhandledEventException;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DispatcherTest {

  private static final HandledEvent EVENT =
      HandledEvent.builder(EventDomain.CHAT, "message_sent")
          .id("1")
          .shard(ShardId.GLOBAL)
          .aggregate("room", "7")
          .payload("{}")
          .build();

  private static Outcome dispatch(EventHandler handler) {
    return new Dispatcher(Map.of(new HandlerKey(EventDomain.CHAT, "message_sent"), handler))
        .dispatch(EVENT);
  }

  private static Outcome dispatchThrowing(Throwable thrown) {
    return dispatch(event -> sneak(thrown));
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Throwable thrown) throws E {
    throw (E) thrown;
  }

  @Test
  void takesAReturnForSuccess() {
    assertEquals(new Outcome.Succeeded(), dispatch(event -> {}));
  }

  @Test
  void takesAnythingThrownForAFailure() {
    for (Throwable thrown :
        new Throwable[] {
          new IOException("a"),
          new IllegalStateException("b"),
          new AssertionError("c"),
          new NoClassDefFoundError("d"),
          new StackOverflowError("e"),
          new Throwable("f")
        }) {
      assertEquals(new Outcome.Failed(thrown, false), dispatchThrowing(thrown));
    }
  }

  @Test
  void doesNotBlameTheEventForTheMachine() {
    OutOfMemoryError error = new OutOfMemoryError("heap");

    assertEquals(new Outcome.Inconclusive(error), dispatchThrowing(error));
  }

  @Test
  void failsForGoodWhereNoHandlerIs() {
    HandlerKey other = new HandlerKey(EventDomain.MARKET, "message_sent");

    Outcome.Failed failed =
        assertInstanceOf(
            Outcome.Failed.class, new Dispatcher(Map.of(other, event -> {})).dispatch(EVENT));

    assertTrue(failed.conclusive());
    assertInstanceOf(UnhandledEventException.class, failed.cause());
    assertEquals(
        "no handler is registered for 'message_sent' of domain CHAT: register one in every worker"
            + " of the domain, then redrive the event",
        failed.cause().getMessage());
  }

  @Test
  void clearsAnInterruptTheHandlerLeaves() {
    dispatch(event -> Thread.currentThread().interrupt());

    assertFalse(Thread.currentThread().isInterrupted());
  }
}
