package io.sluice.handlers.internal.dispatch;

import static org.junit.jupiter.api.Assertions.assertSame;

import io.sluice.handlers.api.EventHandler;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.outbox.EventDomain;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HandlerTableTest {

  private static final EventDomain CHAT = EventDomain.CHAT;

  private final Registration exact = registration();
  private final Registration rooms = registration();
  private final Registration roomMembers = registration();
  private final Registration all = registration();
  private final Registration rest = registration();

  private final HandlerTable table =
      new HandlerTable(
          Map.of(
              new HandlerKey(CHAT, "room_closed"), exact,
              new HandlerKey(CHAT, "room_*"), rooms,
              new HandlerKey(CHAT, "room_member_*"), roomMembers,
              new HandlerKey(EventDomain.MARKET, "*"), all),
          rest);

  private static Registration registration() {
    return new Registration((EventHandler) event -> {}, RetryPolicy.DEFAULT);
  }

  @Test
  void prefersTheTypeItselfThenTheLongestBeginningThenTheRest() {
    assertSame(exact, table.find(CHAT, "room_closed"));
    assertSame(rooms, table.find(CHAT, "room_opened"));
    assertSame(roomMembers, table.find(CHAT, "room_member_left"));
    assertSame(rest, table.find(CHAT, "message_sent"));
  }

  @Test
  void keepsDomainsApart() {
    assertSame(all, table.find(EventDomain.MARKET, "room_opened"));
    assertSame(rest, table.find(EventDomain.SIGNAL, "room_opened"));
  }
}
