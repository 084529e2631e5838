package io.sluice.handlers.api;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.reflect.Type;
import java.sql.Connection;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/**
 * Creates handlers that receive the payload as an object, which Jackson reads from JSON. A payload
 * that cannot be read causes an {@link UnreadablePayloadException}, which is final by default.
 * Thread-safe.
 *
 * <pre>{@code
 * JsonHandlers json = new JsonHandlers();
 * builder.handler(PORTFOLIO, "order_created", json.of(Order.class, (order, event) -> confirm(order)));
 * builder.handler(
 *     PORTFOLIO,
 *     "orders_imported",
 *     json.of(new TypeReference<List<Order>>() {}, (orders, event) -> confirmAll(orders)));
 * }</pre>
 */
public final class JsonHandlers {

  private static final Pattern FIELD = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$-]{0,63}");

  private final ObjectMapper mapper;

  /**
   * Reads JSON as the writer's default serializer writes it: with the modules on the class path,
   * and dates and times as ISO 8601 text. Ignores unknown fields, so that writers can add fields
   * while older handlers run.
   */
  public JsonHandlers() {
    this(
        JsonMapper.builder()
            .findAndAddModules()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build());
  }

  /**
   * @param mapper the mapper, which is not changed
   */
  public JsonHandlers(ObjectMapper mapper) {
    this.mapper = Objects.requireNonNull(mapper, "mapper");
  }

  /** Like {@link EventHandler}. */
  @FunctionalInterface
  public interface JsonHandler<T> {

    /** Handles one event. Returning means success. */
    void handle(T payload, HandledEvent event) throws Exception;
  }

  /** Like {@link AsyncEventHandler}. */
  @FunctionalInterface
  public interface JsonAsyncHandler<T> {

    /** Starts to handle one event. The event is handled when the stage completes. */
    CompletionStage<?> handle(T payload, HandledEvent event) throws Exception;
  }

  /** Like {@link TransactionalEventHandler}. */
  @FunctionalInterface
  public interface JsonTransactionalHandler<T> {

    /** Handles one event on this connection. Returning means success and commits. */
    void handle(T payload, HandledEvent event, Connection connection) throws Exception;
  }

  /** Creates a handler for payloads of this type. */
  public <T> EventHandler of(Class<T> type, JsonHandler<T> handler) {
    PayloadReader<T> payloads = payloads(type, handler);
    return event -> handler.handle(payloads.read(event), event);
  }

  /** Creates a handler for payloads of a generic type, such as {@code List<Order>}. */
  public <T> EventHandler of(TypeReference<T> type, JsonHandler<T> handler) {
    PayloadReader<T> payloads = payloads(type, handler);
    return event -> handler.handle(payloads.read(event), event);
  }

  /** Creates an asynchronous handler for payloads of this type. */
  public <T> AsyncEventHandler async(Class<T> type, JsonAsyncHandler<T> handler) {
    PayloadReader<T> payloads = payloads(type, handler);
    return event -> handler.handle(payloads.read(event), event);
  }

  /** Creates an asynchronous handler for payloads of a generic type. */
  public <T> AsyncEventHandler async(TypeReference<T> type, JsonAsyncHandler<T> handler) {
    PayloadReader<T> payloads = payloads(type, handler);
    return event -> handler.handle(payloads.read(event), event);
  }

  /** Creates a transactional handler for payloads of this type. */
  public <T> TransactionalEventHandler transactional(
      Class<T> type, JsonTransactionalHandler<T> handler) {
    PayloadReader<T> payloads = payloads(type, handler);
    return (event, connection) -> handler.handle(payloads.read(event), event, connection);
  }

  /** Creates a transactional handler for payloads of a generic type. */
  public <T> TransactionalEventHandler transactional(
      TypeReference<T> type, JsonTransactionalHandler<T> handler) {
    PayloadReader<T> payloads = payloads(type, handler);
    return (event, connection) -> handler.handle(payloads.read(event), event, connection);
  }

  private <T> PayloadReader<T> payloads(Class<T> type, Object handler) {
    Objects.requireNonNull(handler, "handler");
    return new PayloadReader<>(type, mapper.readerFor(type));
  }

  private <T> PayloadReader<T> payloads(TypeReference<T> type, Object handler) {
    Objects.requireNonNull(handler, "handler");
    return new PayloadReader<>(type.getType(), mapper.readerFor(type));
  }

  private record PayloadReader<T>(Type type, ObjectReader reader) {
    T read(HandledEvent event) {
      T payload;
      try {
        payload = reader.readValue(event.payloadBytes());
      } catch (IOException e) {
        throw new UnreadablePayloadException(event, type, reason(e));
      }
      if (payload == null) {
        throw new UnreadablePayloadException(event, type, "it is null");
      }
      return payload;
    }

    /** Returns a reason without the parser's message, which can quote the payload. */
    private static String reason(IOException failure) {
      StringBuilder reason = new StringBuilder(failure.getClass().getSimpleName());
      if (failure instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
        reason.append(" in ").append(path(mapping));
      }
      if (failure instanceof JsonProcessingException json && json.getLocation() != null) {
        JsonLocation at = json.getLocation();
        reason.append(" at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr()));
      }
      return reason.toString();
    }

    /** Returns a path such as {@code customer.orders[2].amount}. */
    private static String path(JsonMappingException failure) {
      StringBuilder path = new StringBuilder();
      for (JsonMappingException.Reference step : failure.getPath()) {
        if (step.getFieldName() == null) {
          path.append('[').append(step.getIndex()).append(']');
        } else {
          path.append(path.isEmpty() ? "" : ".").append(name(step.getFieldName()));
        }
      }
      return path.toString();
    }

    /** Keys of a map also appear as names. Unless they look like identifiers, they are payload. */
    private static String name(String field) {
      return FIELD.matcher(field).matches() ? field : "?";
    }
  }
}
