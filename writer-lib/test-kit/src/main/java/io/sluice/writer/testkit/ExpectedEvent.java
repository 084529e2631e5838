package io.sluice.writer.testkit;

import io.sluice.outbox.EventDomain;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a test expects of an event. Only what is named here is compared; ids and times are the
 * writer's. Immutable: each method returns a new one.
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

  /** An event of this type. */
  public static ExpectedEvent event(String eventType) {
    return new ExpectedEvent(
        List.of(FieldCheck.equal("event type", eventType, WrittenEvent::eventType)));
  }

  /** Of exactly this domain. */
  public ExpectedEvent ofDomain(EventDomain domain) {
    return and(FieldCheck.equal("domain", domain.name(), event -> event.domain().name()));
  }

  /** Of exactly this aggregate. */
  public ExpectedEvent aggregate(String type, String id) {
    return and(
        new FieldCheck(
            "aggregate",
            type + " " + id,
            event -> event.aggregateType().equals(type) && event.aggregateId().equals(id),
            WrittenEvent::aggregate));
  }

  /**
   * A payload that says the same as this JSON; order of members, white space, and zeros at the end
   * of a fraction do not matter.
   *
   * @throws IllegalArgumentException if the text is not JSON
   */
  public ExpectedEvent payloadJson(String json) {
    JsonValue value = JsonValue.of(json);
    return and(
        new FieldCheck(
            "payload",
            json,
            event -> value.isSaidBy(event.payloadText()),
            WrittenEvent::payloadText));
  }

  /** A payload of exactly this text. */
  public ExpectedEvent payloadText(String text) {
    return and(FieldCheck.equal("payload", text, WrittenEvent::payloadText));
  }

  /** A payload of exactly these bytes. */
  public ExpectedEvent payloadBytes(byte[] bytes) {
    return and(FieldCheck.equal("payload", hex(bytes), event -> hex(event.payload().bytes())));
  }

  private static String hex(byte[] bytes) {
    return "0x" + HexFormat.of().formatHex(bytes);
  }

  /** A header, among others. */
  public ExpectedEvent header(String name, String value) {
    return and(
        new FieldCheck(
            "header " + name,
            value,
            event -> value.equals(event.headers().values().get(name)),
            event -> event.headers().values().getOrDefault(name, "missing")));
  }

  /** With exactly so many failures allowed. */
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
