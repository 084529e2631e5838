package io.sluice.relay.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What a row says about the time of its insertion and of its record. {@code created_at} is the
 * writer's statement: it can be long past, such as in a copied row, or ahead, such as in a session
 * with another time zone. The time in a UUID does not depend on zones.
 *
 * @param createdAt empty if it is NULL or not a date; then the row is never published
 * @param inId the time in the row's id, if the id contains one
 * @param redrivenAt when the row was inserted again by a redrive
 * @param seenAt when the row was read
 */
record RowTimes(
    Optional<Instant> createdAt,
    Optional<Instant> inId,
    Optional<Instant> redrivenAt,
    Instant seenAt) {

  /** Allows for long transactions and for clocks that differ. */
  static final Duration SKEW = Duration.ofHours(1);

  /** From the start of the Gregorian calendar, at which versions 1 and 6 begin, in 100 ns. */
  private static final long GREGORIAN = 0x01B21DD213814000L;

  private static final int UUID_CHARS = 36;

  /** Index of the version in the text of a UUID. */
  private static final int VERSION_AT = 14;

  RowTimes {
    inId = inId.filter(time -> time.isBefore(seenAt.plus(SKEW)));
  }

  /** The time in a UUID of version 1, 6 or 7. */
  static Optional<Instant> inId(String id) {
    if (id.length() != UUID_CHARS) {
      return Optional.empty(); // UUID.fromString accepts shorter forms
    }
    UUID uuid;
    try {
      uuid = UUID.fromString(id);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    long bits = uuid.getMostSignificantBits();
    return switch (uuid.version()) {
      case 1 ->
          Optional.of(
              gregorian(((bits & 0xFFF) << 48) | (((bits >>> 16) & 0xFFFF) << 32) | (bits >>> 32)));
      case 6 -> Optional.of(gregorian(((bits >>> 16) << 12) | (bits & 0xFFF)));
      case 7 -> Optional.of(Instant.ofEpochMilli(bits >>> 16));
      default -> Optional.empty();
    };
  }

  /** Whether ids of this kind are in the order of their times. */
  static boolean isOrdered(String id) {
    return inId(id).isPresent() && id.charAt(VERSION_AT) != '1';
  }

  private static Instant gregorian(long time) {
    long sinceEpoch = time - GREGORIAN;
    return Instant.ofEpochSecond(
        Math.floorDiv(sinceEpoch, 10_000_000L), Math.floorMod(sinceEpoch, 10_000_000L) * 100);
  }

  /** The smallest id of version 7 with this time. */
  static String firstId(Instant time) {
    String millis = "%012x".formatted(Math.max(0, time.toEpochMilli()));
    return millis.substring(0, 8) + "-" + millis.substring(8);
  }

  private boolean isCreatedAhead() {
    return createdAt.filter(time -> time.isAfter(seenAt.plus(SKEW))).isPresent();
  }

  /** The possible times of the insertion; empty if it is unknown. */
  List<Instant> insertedAt() {
    if (redrivenAt.isPresent()) {
      return redrivenAt.stream().toList();
    }
    return Stream.concat(inId.stream(), createdAt.stream().filter(time -> !isCreatedAhead()))
        .toList();
  }

  /** The time from which on to look for the record of the row. */
  Instant searchFrom() {
    return redrivenAt
        .or(() -> inId)
        .or(() -> createdAt.filter(time -> !isCreatedAhead()))
        .orElse(Instant.EPOCH);
  }

  /** The earliest time that the record of the row can have. */
  Instant recordSince() {
    return insertedAt().stream().max(Instant::compareTo).orElse(Instant.EPOCH);
  }
}
