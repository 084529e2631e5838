package io.sluice.handlers.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.sql.Connection;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * Makes handlers that are given their payload as an object, read from JSON by Jackson. A payload
 * that cannot be read is an {@link UnreadablePayloadException}, which by default is final.
 * Thread-safe.
 *
 * <pre>{@code
 * JsonHandlers json = new JsonHandlers(mapper);
 * builder.handler(PORTFOLIO, "order_created", json.of(Order.class, (order, event) -> confirm(order)));
 * }</pre>
 */
public final class JsonHandlers {

  private final ObjectMapper mapper;

  /**
   * @param mapper the caller's, left as it is
   */
  public JsonHandlers(ObjectMapper mapper) {
    this.mapper = Objects.requireNonNull(mapper, "mapper");
  }

  /** Like {@link EventHandler}. */
  @FunctionalInterface
  public interface JsonHandler<T> {

    /** Handles one event; to return is success. */
    void handle(T payload, HandledEvent event) throws Exception;
  }

  /** Like {@link AsyncEventHandler}. */
  @FunctionalInterface
  public interface JsonAsyncHandler<T> {

    /** Begins to handle one event, which is handled when the stage completes. */
    CompletionStage<?> handle(T payload, HandledEvent event) throws Exception;
  }

  /** Like {@link TransactionalEventHandler}. */
  @FunctionalInterface
  public interface JsonTransactionalHandler<T> {

    /** Handles one event on the connection it is lent; to return is success, and commits. */
    void handle(T payload, HandledEvent event, Connection connection) throws Exception;
  }

  /** A handler of payloads of this type. */
  public <T> EventHandler of(Class<T> type, JsonHandler<T> handler) {
    PayloadReader<T> payloads = payloads(type, handler);
    return event -> handler.handle(payloads.read(event), event);
  }

  /** The same, ending later than its call. */
  public <T> AsyncEventHandler async(Class<T> type, JsonAsyncHandler<T> handler) {
    PayloadReader<T> payloads = payloads(type, handler);
    return event -> handler.handle(payloads.read(event), event);
  }

  /** The same, in the transaction of its event's status. */
  public <T> TransactionalEventHandler transactional(
      Class<T> type, JsonTransactionalHandler<T> handler) {
    PayloadReader<T> payloads = payloads(type, handler);
    return (event, connection) -> handler.handle(payloads.read(event), event, connection);
  }

  private <T> PayloadReader<T> payloads(Class<T> type, Object handler) {
    Objects.requireNonNull(handler, "handler");
    return new PayloadReader<>(type, mapper.readerFor(type));
  }

  private record PayloadReader<T>(Class<T> type, ObjectReader reader) {
    T read(HandledEvent event) {
      T payload;
      try {
        payload = reader.readValue(event.payloadBytes());
      } catch (IOException e) {
        // The parser's own message may quote the payload.
        throw new UnreadablePayloadException(event, type, e.getClass().getSimpleName());
      }
      if (payload == null) {
        throw new UnreadablePayloadException(event, type, "it is null");
      }
      return payload;
    }
  }
}
