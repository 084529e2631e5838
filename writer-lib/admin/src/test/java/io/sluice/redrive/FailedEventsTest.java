package io.sluice.redrive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailedEventsTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  private static String refusal(FailedEvents.Builder builder) {
    return message(builder::build);
  }

  private static String message(org.junit.jupiter.api.function.Executable attempt) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, attempt).getMessage());
  }

  @Test
  void aSelectionNeedsACriterion() {
    assertTrue(refusal(FailedEvents.where()).contains("or use all()"));
    assertTrue(refusal(FailedEvents.where().ids(Set.of()).shards(Set.of())).contains("all()"));
    assertEquals(Set.of(), FailedEvents.all().ids());
  }

  @Test
  void anEmptyTimeRangeIsRefused() {
    assertEquals(
        "failed since 2026-11-24T12:00 and failed before 2026-11-24T12:00: the range is empty",
        refusal(FailedEvents.where().failedSince(NOW).failedBefore(NOW)));
    assertTrue(
        refusal(FailedEvents.where().createdSince(NOW).createdBefore(NOW.minusSeconds(1)))
            .startsWith("created since"));
    assertEquals(
        2,
        FailedEvents.where()
            .createdSince(NOW)
            .createdBefore(NOW.plusSeconds(1))
            .build()
            .criteria()
            .size());
  }

  @Test
  void timesThatTheColumnCannotHoldAreRefused() {
    assertTrue(
        message(() -> FailedEvents.where().failedSince(Instant.MIN))
            .contains("cannot hold this time"));
    assertTrue(
        message(() -> FailedEvents.where().createdBefore(Instant.MAX))
            .contains("cannot hold this time"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "ä", "0123456789-0123456789-0123456789-0123"})
  void textsThatCannotBeIdsAreRefused(String id) {
    assertTrue(
        message(() -> FailedEvents.where().ids(List.of(id))).contains("cannot be an event's id"));
  }

  @Test
  void idsAreUuidsOrTexts() {
    UUID id = UUID.fromString("0199A3A2-7A11-7C7E-9D3B-0D5C5BB0C001");

    assertEquals(
        Set.of("0199a3a2-7a11-7c7e-9d3b-0d5c5bb0c001", "OLD-7"),
        FailedEvents.where().ids(id).ids(List.of("OLD-7")).build().ids());
  }

  @Test
  void tooManyIdsAreRefused() {
    Set<String> ids =
        IntStream.rangeClosed(1, FailedEvents.MOST_IDS + 1)
            .mapToObj(String::valueOf)
            .collect(Collectors.toSet());

    assertEquals(
        "1001 ids exceed the maximum of 1000: use another criterion",
        refusal(FailedEvents.where().ids(ids)));
  }

  @Test
  void blankTextsAreRefused() {
    assertTrue(message(() -> FailedEvents.where().errorContains("")).startsWith("error is blank"));
    assertTrue(
        message(() -> FailedEvents.where().eventType(" ")).startsWith("event type is blank"));
  }

  @Test
  @SuppressWarnings("NullAway") // as callers without a null checker may do
  void missingValuesAreNamed() {
    assertTrue(
        message(() -> FailedEvents.where().eventType(null)).startsWith("event type is null"));
    assertTrue(
        message(() -> FailedEvents.where().aggregate("a", null)).contains("aggregate id is"));
    assertTrue(message(() -> FailedEvents.where().domain(null)).startsWith("domain(domain) was"));
    assertTrue(
        message(() -> FailedEvents.where().failedSince(null)).startsWith("failed since null"));
    assertTrue(message(() -> FailedEvents.where().ids((UUID) null)).contains("null as an id"));
  }
}
