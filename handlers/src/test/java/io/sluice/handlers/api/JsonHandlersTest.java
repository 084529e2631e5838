package io.sluice.handlers.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class JsonHandlersTest {

  record Order(String id, BigDecimal amount) {}

  private final JsonHandlers json = new JsonHandlers(new ObjectMapper());
  private final List<Order> orders = new ArrayList<>();

  private static HandledEvent event(String payload) {
    return HandledEvent.builder(EventDomain.PORTFOLIO, "order_created")
        .id("0199a3a2-7a11-7c7e-9d3b-0d5c5bb0c001")
        .shard(ShardId.of("shard-1"))
        .aggregate("order", "42")
        .payload(payload)
        .build();
  }

  @Test
  void givesHandlersOfAllKindsAnObject() throws Exception {
    HandledEvent event = event("{\"id\":\"42\",\"amount\":100.00}");

    json.of(Order.class, (order, same) -> orders.add(order)).handle(event);
    json.async(
            Order.class,
            (order, same) -> {
              orders.add(order);
              return CompletableFuture.completedFuture(same);
            })
        .handle(event);
    json.transactional(Order.class, (order, same, connection) -> orders.add(order))
        .handle(event, connection());

    Order order = new Order("42", new BigDecimal("100.00"));
    assertEquals(List.of(order, order, order), orders);
  }

  private static final class Orders extends TypeReference<List<Order>> {}

  @Test
  void readsTypesWithTypeArgumentsForHandlersOfAllKinds() throws Exception {
    HandledEvent event = event("[{\"id\":\"1\",\"amount\":1},{\"id\":\"2\",\"amount\":2}]");

    json.of(new Orders(), (all, same) -> orders.add(all.get(1))).handle(event);
    json.async(
            new Orders(),
            (all, same) -> {
              orders.add(all.get(1));
              return CompletableFuture.completedFuture(same);
            })
        .handle(event);
    json.transactional(new Orders(), (all, same, connection) -> orders.add(all.get(1)))
        .handle(event, connection());

    Order second = new Order("2", new BigDecimal("2"));
    assertEquals(List.of(second, second, second), orders);
  }

  @Test
  void namesATypeWithItsArguments() {
    UnreadablePayloadException refused =
        assertThrows(
            UnreadablePayloadException.class,
            () -> json.of(new Orders(), (all, same) -> {}).handle(event("{}")));

    String message = String.valueOf(refused.getMessage());
    assertTrue(
        message.contains("cannot be read as java.util.List<%s>,".formatted(Order.class.getName())),
        message);
    assertNull(refused.getCause(), "which may quote the payload");
  }

  /** Creates a connection that is not used. */
  private static Connection connection() {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (self, method, arguments) -> {
              throw new UnsupportedOperationException(method.getName());
            });
  }

  @Test
  void saysWhatItCannotReadWithoutTellingThePayload() {
    HandledEvent event = event("{\"id\":\"secret");

    UnreadablePayloadException refused =
        assertThrows(
            UnreadablePayloadException.class,
            () -> json.of(Order.class, (order, same) -> {}).handle(event));

    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains(event.id()), message);
    assertTrue(message.contains(Order.class.getName()), message);
    assertFalse(message.contains("secret"), message);
  }

  @Test
  void doesNotTakeNothingForAnObject() {
    assertThrows(
        UnreadablePayloadException.class,
        () -> json.of(Order.class, (order, same) -> {}).handle(event("null")));
  }

  private static String refusal(JsonHandlers handlers, Class<?> type, String payload) {
    UnreadablePayloadException refused =
        assertThrows(
            UnreadablePayloadException.class,
            () -> handlers.of(type, (read, same) -> {}).handle(event(payload)));
    return String.valueOf(refused.getMessage());
  }

  /** A payload with nested objects. */
  record Basket(List<Order> orders, Map<String, Order> byCustomer) {}

  @Test
  void saysWhereItCannotRead() {
    String list = refusal(json, Basket.class, "{\"orders\":[{},\n {\"amount\":\"secret\"}]}");
    assertTrue(
        list.contains(", InvalidFormatException in orders[1].amount at line 2, column "), list);
    assertFalse(list.contains("secret"), list);

    String map =
        refusal(json, Basket.class, "{\"byCustomer\":{\"secret@home\":{\"amount\":\"x\"}}}");
    assertTrue(map.contains(" in byCustomer.?.amount at line 1"), map);
  }

  /** A payload with a time, and with fewer fields than the JSON. */
  record Stamped(Instant at) {}

  @Test
  void byDefaultReadsWhatWritersWriteByDefaultAndMayWriteLater() throws Exception {
    List<Stamped> read = new ArrayList<>();

    new JsonHandlers()
        .of(Stamped.class, (stamped, same) -> read.add(stamped))
        .handle(event("{\"at\":\"2026-01-02T03:04:05Z\",\"new\":1}"));

    assertEquals(List.of(new Stamped(Instant.parse("2026-01-02T03:04:05Z"))), read);
  }
}
