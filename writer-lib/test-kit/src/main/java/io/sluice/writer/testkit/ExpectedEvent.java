package io.sluice.writer.testkit;

import io.sluice.outbox.EventDomain;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The expected fields of an event. Fields that are not set here are not compared. Ids and times are
 * never compared. Immutable: each method returns a copy.
 *
 * <pre>{@code
 * event("order_created").ofDomain(PORTFOLIO).aggregate("order", "42").payloadJson("{\"amount\":7}")
 * }</pre>
 */
public final class ExpectedEvent {

  private final List<FieldCheck> checks;

  private ExpectedEvent(List<FieldCheck> checks) {
    this.checks = List.copyOf(checks);
  }

  /** Expects an event of this type. */
  public static ExpectedEvent event(String eventType) {
    return new ExpectedEvent(
        List.of(FieldCheck.equal("event type", eventType, WrittenEvent::eventType)));
  }

  /** Expects this domain. */
  public ExpectedEvent ofDomain(EventDomain domain) {
    return and(FieldCheck.equal("domain", domain.name(), event -> event.domain().name()));
  }

  /** Expects this aggregate. */
  public ExpectedEvent aggregate(String type, String id) {
    return and(
        new FieldCheck(
            "aggregate",
            type + " " + id,
            event -> event.aggregateType().equals(type) && event.aggregateId().equals(id),
            WrittenEvent::aggregate));
  }

  /**
   * Expects a payload equal to this JSON. The order of members, white space, and trailing zeros of
   * fractions are ignored.
   *
   * @throws IllegalArgumentException if the text is not JSON
   */
  public ExpectedEvent payloadJson(String json) {
    JsonValue value = JsonValue.of(json);
    return and(
        new FieldCheck(
            "payload",
            json,
            event -> value.isEqualTo(event.payloadText()),
            WrittenEvent::payloadText));
  }

  /** Expects exactly this text as payload. */
  public ExpectedEvent payloadText(String text) {
    return and(FieldCheck.equal("payload", text, WrittenEvent::payloadText));
  }

  /** Expects exactly these bytes as payload. */
  public ExpectedEvent payloadBytes(byte[] bytes) {
    return and(FieldCheck.equal("payload", hex(bytes), event -> hex(event.payload().bytes())));
  }

  private static String hex(byte[] bytes) {
    return "0x" + HexFormat.of().formatHex(bytes);
  }

  /** Expects this header; the event may have others. */
  public ExpectedEvent header(String name, String value) {
    return and(
        new FieldCheck(
            "header " + name,
            value,
            event -> value.equals(event.headers().values().get(name)),
            event -> event.headers().values().getOrDefault(name, "missing")));
  }

  /** Expects this maximum of failed attempts. */
  public ExpectedEvent maxRetries(int retries) {
    return and(
        FieldCheck.equal(
            "max retries",
            Integer.toString(retries),
            event -> Integer.toString(event.maxRetries())));
  }

  private ExpectedEvent and(FieldCheck check) {
    List<FieldCheck> more = new ArrayList<>(checks);
    more.add(check);
    return new ExpectedEvent(more);
  }

  List<String> differences(WrittenEvent event) {
    return checks.stream().map(check -> check.difference(event)).flatMap(Optional::stream).toList();
  }

  boolean matches(WrittenEvent event) {
    return differences(event).isEmpty();
  }

  String description() {
    return checks.stream().map(FieldCheck::description).collect(Collectors.joining(", "));
  }
}
