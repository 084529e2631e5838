package io.sluice.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContractTest {

  private static OutboxEvent.Builder event() {
    return OutboxEvent.builder(EventDomain.CHAT, "message_sent").aggregate("chat", "7").json("{}");
  }

  private static String refusal(Supplier<?> attempt) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, attempt::get).getMessage());
  }

  @Test
  void shardZeroIsAShardAndNotTheGlobalOne() {
    assertEquals(ShardId.of("0"), ShardId.of(0));
    assertNotEquals(ShardId.GLOBAL, ShardId.of(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "a b", "a/b", "ä"})
  void refusesInvalidShardIds(String name) {
    assertTrue(refusal(() -> ShardId.of(name)).contains("use a short name"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "chat", "1A", "A-B"})
  void refusesInvalidDomains(String name) {
    assertTrue(refusal(() -> EventDomain.of(name)).contains("upper-case"));
  }

  @Test
  void anEventHasDefaults() {
    OutboxEvent event = event().build();

    assertEquals(7, event.id().version());
    assertEquals(3, event.maxRetries());
    assertFalse(event.createdAt().isAfter(Instant.now()));
  }

  @Test
  void createdAtHasThePrecisionOfItsColumn() {
    Instant precise = Instant.parse("2026-01-02T03:04:05.123456789Z");

    assertEquals(
        Instant.parse("2026-01-02T03:04:05.123456Z"),
        event().createdAt(precise).build().createdAt());
  }

  @Test
  void anIncompleteEventIsRefused() {
    assertTrue(
        refusal(() -> OutboxEvent.builder(EventDomain.CHAT, "t").json("{}").build())
            .contains("no aggregate: call aggregate(type, id)"));
    assertTrue(
        refusal(() -> OutboxEvent.builder(EventDomain.CHAT, "t").aggregate("a", "1").build())
            .contains("no payload: call payload(…) or json(…)"));
    assertTrue(refusal(() -> event().maxRetries(-1).build()).contains("0 or more"));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = " ")
  @SuppressWarnings("NullAway") // as callers without a null checker may do
  void aMissingTextIsNamed(String missing) {
    String how = missing == null ? " was called with null as " : " was called with a blank ";
    assertEquals(
        "aggregate(type, id)" + how + "type: pass a " + (missing == null ? "value" : "text"),
        refusal(() -> event().aggregate(missing, "1")));
    assertTrue(
        refusal(() -> event().aggregate("user", missing))
            .startsWith("aggregate(type, id)" + how + "id: "));
    assertTrue(
        refusal(() -> OutboxEvent.builder(EventDomain.CHAT, missing))
            .startsWith("builder(domain, eventType)" + how + "eventType: "));
    assertTrue(refusal(() -> event().header(missing, "v")).contains("name: give it a name"));
    assertTrue(refusal(() -> EventDomain.of(missing)).contains("does not match"));
    assertTrue(refusal(() -> ShardId.of(missing)).contains("does not match"));
  }

  @Test
  @SuppressWarnings("NullAway") // as callers without a null checker may do
  void aMissingValueIsNamed() {
    assertTrue(
        refusal(() -> OutboxEvent.builder(null, "t"))
            .startsWith("builder(domain, eventType) was called with null as domain"));
    assertTrue(refusal(() -> event().payload((Object) null)).startsWith("payload(value) was"));
    assertTrue(refusal(() -> event().payload((String) null)).startsWith("payload(text) was"));
    assertTrue(refusal(() -> event().payload((byte[]) null)).startsWith("payload(bytes) was"));
    assertTrue(refusal(() -> event().json(null)).startsWith("json(text) was"));
    assertTrue(refusal(() -> event().id(null)).startsWith("id(own) was"));
    assertTrue(refusal(() -> event().createdAt(null)).startsWith("createdAt(time) was"));
    assertTrue(refusal(() -> event().headers(null)).startsWith("headers(all) was"));
    assertTrue(refusal(() -> event().header("tenant", null)).contains("'tenant' has no value"));
    assertTrue(
        refusal(() -> ShardDataSources.of(Collections.singletonMap(ShardId.GLOBAL, null)))
            .contains("the data source of shard 'global' is null"));
  }

  @Test
  void namesAreMeasuredInCharactersLikeTheirColumns() {
    String longest = "😀".repeat(255);

    assertEquals(longest, event().aggregate("a", longest).build().aggregateId());
    assertTrue(
        refusal(() -> event().aggregate("a", longest + "x").build())
            .contains("aggregateId of the event has 256 characters, its column holds 255"));
  }

  /** The relay takes the start of 1970 for a date that MySQL does not know. */
  @ParameterizedTest
  @ValueSource(
      strings = {"1970-01-01T00:00:00Z", "-0001-01-01T00:00:00Z", "+10000-01-01T00:00:00Z"})
  void aTimeThatTheTableOrTheRelayWouldRefuseIsRefused(Instant time) {
    assertTrue(
        refusal(() -> event().createdAt(time).build())
            .contains("it must be after 1970-01-01T00:00:00Z and before the year 10000"));
  }

  @Test
  void halfASurrogatePairIsRefused() {
    assertTrue(refusal(() -> event().aggregate("a", "x\ud800").build()).contains("surrogate"));
    assertTrue(refusal(() -> event().header("h", "\udc00").build()).contains("surrogate"));
    assertEquals("😀", event().aggregate("a", "😀").build().aggregateId());
  }

  @Test
  void payloadsAreNotShown() {
    assertFalse(event().json("{\"card\":\"4111\"}").build().toString().contains("4111"));
    assertFalse(event().payload(Map.of("card", "4111")).build().toString().contains("4111"));
  }

  @Test
  void topicsAreNamedAfterDomains() {
    assertEquals("outbox.event.chat", TopicTemplate.DEFAULT.topic(EventDomain.CHAT));
    assertTrue(refusal(() -> new TopicTemplate("events")).contains("${domain}"));
    assertTrue(refusal(() -> new TopicTemplate("a ${domain}")).contains("valid topic name"));
  }

  @Test
  void thereMustBeAShard() {
    assertTrue(refusal(() -> ShardDataSources.of(Map.of())).contains("at least one"));
  }
}
