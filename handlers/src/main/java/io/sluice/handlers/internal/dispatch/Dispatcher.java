package io.sluice.handlers.internal.dispatch;

import io.sluice.handlers.api.EventHandler;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.UnhandledEventException;
import java.util.Map;

/** Calls the handler registered for an event; nothing a handler throws gets past it. */
public final class Dispatcher {

  private final Map<HandlerKey, EventHandler> handlers;

  public Dispatcher(Map<HandlerKey, EventHandler> handlers) {
    this.handlers = Map.copyOf(handlers);
  }

  /** Calls the event's handler on this thread, whose interrupt status is clear afterwards. */
  public Outcome dispatch(HandledEvent event) {
    EventHandler handler = handlers.get(new HandlerKey(event.domain(), event.eventType()));
    if (handler == null) {
      return new Outcome.Failed(
          new UnhandledEventException(event.domain(), event.eventType()), true);
    }
    try {
      return call(handler, event);
    } finally {
      // What a handler left behind must not disturb the write to the row or the next event.
      Thread.interrupted();
    }
  }

  private static Outcome call(EventHandler handler, HandledEvent event) {
    try {
      handler.handle(event);
      return new Outcome.Succeeded();
    } catch (StackOverflowError e) {
      // The stack is unwound and the machine sound: it was this event that was nested too deep.
      return new Outcome.Failed(e, false);
    } catch (VirtualMachineError e) {
      return new Outcome.Inconclusive(e);
    } catch (Throwable e) {
      return new Outcome.Failed(e, false);
    }
  }
}
