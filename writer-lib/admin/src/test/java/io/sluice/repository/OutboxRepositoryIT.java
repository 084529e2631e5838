package io.sluice.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.writer.OutboxService;
import io.sluice.writer.OutboxWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SandboxTest
class OutboxRepositoryIT {

  private static final ShardId ZERO = ShardId.of(0);
  private static final ShardId BROKEN = ShardId.of("broken");

  private final Database global;
  private final Database zero;
  private final OutboxService service;
  private final OutboxRepository repository;

  OutboxRepositoryIT(Sandbox sandbox) throws SQLException {
    global = sandbox.database("global");
    zero = sandbox.database("zero");
    global.run(OutboxTable.ddl());
    zero.run(OutboxTable.ddl());
    ShardDataSources shards =
        ShardDataSources.of(
            Map.of(
                ShardId.GLOBAL,
                global.dataSource(),
                ZERO,
                zero.dataSource(),
                BROKEN,
                sandbox.database("broken").dataSource()));
    service = new OutboxService(shards, new OutboxWriter());
    repository = new OutboxRepository(shards);
  }

  @BeforeEach
  void emptyTables() throws SQLException {
    global.run("DELETE FROM outbox_events");
    zero.run("DELETE FROM outbox_events");
  }

  private static OutboxEvent event(String order) {
    return OutboxEvent.builder(EventDomain.PORTFOLIO, "order_created")
        .aggregate("order", order)
        .json("{\"symbol\": \"Größe\"}")
        .header("tenant", "Zoë")
        .build();
  }

  private EventKey write(ShardId shard, OutboxEvent event) {
    service.publish(shard, event);
    return new EventKey(shard, event.id());
  }

  @Test
  void readsWhatWasWritten() {
    OutboxEvent written = event("7");
    EventKey key = write(ZERO, written);

    StoredEvent read = repository.find(key).orElseThrow().event();

    assertEquals(key, read.key());
    assertEquals(EventDomain.PORTFOLIO, read.domain());
    assertEquals("order_created", read.eventType());
    assertEquals("order", read.aggregateType());
    assertEquals("7", read.aggregateId());
    assertEquals("{\"symbol\": \"Größe\"}", read.payloadText());
    assertEquals(Map.of("tenant", "Zoë"), read.headers().values());
    assertEquals(written.createdAt(), read.createdAt());
    assertEquals(OutboxStatus.PENDING, read.delivery().status());
    assertEquals(0, read.delivery().retryCount());
    assertEquals(3, read.delivery().maxRetries());
    assertEquals(read, repository.find(key.shard(), written.id()).orElseThrow());
    assertTrue(repository.find(ShardId.GLOBAL, written.id()).isEmpty());
  }

  @Test
  void readsThePendingOfAllShardsInOrderWithALimitAndDespiteAFailedShard() {
    EventKey first = write(ZERO, event("1"));
    EventKey second = write(ZERO, event("2"));
    write(ZERO, event("3"));
    EventKey other = write(ShardId.GLOBAL, event("4"));

    ShardResults<List<StoredRow>> pending = repository.pending(2);

    assertEquals(Set.of(ZERO, ShardId.GLOBAL), pending.values().keySet());
    assertEquals(List.of(first, second), keys(pending.values().get(ZERO)));
    assertEquals(List.of(other), keys(pending.values().get(ShardId.GLOBAL)));
    assertEquals(Set.of(BROKEN), pending.failures().keySet());
    RepositoryException failure = assertThrows(RepositoryException.class, pending::orThrow);
    assertEquals(BROKEN, failure.shard());
    assertTrue(
        String.valueOf(failure.getMessage()).contains("create the table"), failure::getMessage);
  }

  @Test
  void aClosedPoolIsAFailedShard() {
    EventKey key = write(ZERO, event("1"));
    OutboxRepository some =
        new OutboxRepository(
            ShardDataSources.of(Map.of(BROKEN, ClosedPool.dataSource(), ZERO, zero.dataSource())));

    ShardResults<List<StoredRow>> pending = some.pending(2);

    assertEquals(List.of(key), keys(pending.values().get(ZERO)));
    assertTrue(
        String.valueOf(pending.failures().get(BROKEN)).contains("the pool is closed"),
        pending::toString);
  }

  private static List<EventKey> keys(@Nullable List<StoredRow> events) {
    return Objects.requireNonNull(events).stream().map(StoredRow::key).toList();
  }

  @Test
  void aStatusIsChangedInItsShardAndNeverMovesBackwards() {
    UUID id = UUID.randomUUID();
    EventKey here = write(ZERO, event("7").toBuilder().id(id).build());
    EventKey there = write(ShardId.GLOBAL, event("7").toBuilder().id(id).build());

    assertTrue(
        repository.updateStatus(
            here,
            StatusChange.to(OutboxStatus.RETRY)
                .withRetryCount(1)
                .withLastError("x".repeat(2_000))));
    DeliveryState retrying = repository.find(here).orElseThrow().event().delivery();
    assertEquals(OutboxStatus.RETRY, retrying.status());
    assertEquals(1, retrying.retryCount());
    assertEquals("x".repeat(1_000), retrying.lastError().orElseThrow());
    assertEquals(List.of(here), keys(repository.retrying(ZERO, 10)));
    assertEquals(List.of(here), keys(repository.retrying(10).values().get(ZERO)));
    assertEquals(Set.of(BROKEN), repository.retrying(10).failures().keySet());

    Instant before = Instant.now().minusMillis(1);
    assertTrue(repository.updateStatus(here, StatusChange.to(OutboxStatus.PUBLISHED)));
    DeliveryState published = repository.find(here).orElseThrow().event().delivery();
    assertEquals(1, published.retryCount());
    assertFalse(published.publishedAt().orElseThrow().isBefore(before));

    assertFalse(repository.updateStatus(here, StatusChange.to(OutboxStatus.FAILED)));
    assertEquals(
        OutboxStatus.PENDING, repository.find(there).orElseThrow().event().delivery().status());
    assertThrows(IllegalArgumentException.class, () -> StatusChange.to(OutboxStatus.PENDING));
  }

  @Test
  void cleansUpOldPublishedEventsOfAllShardsInBatches() throws SQLException {
    insert(zero, "old", 2_500, "PUBLISHED", "UTC_TIMESTAMP(6) - INTERVAL 8 DAY");
    insert(zero, "new", 3, "PUBLISHED", "UTC_TIMESTAMP(6) - INTERVAL 6 DAY");
    insert(global, "old", 2, "PUBLISHED", "UTC_TIMESTAMP(6) - INTERVAL 8 DAY");
    insert(global, "failed", 2, "FAILED", "NULL");

    ShardResults<Long> removed = repository.cleanUp(Duration.ofDays(7));

    assertEquals(Map.of(ZERO, 2_500L, ShardId.GLOBAL, 2L), removed.values());
    assertEquals(Set.of(BROKEN), removed.failures().keySet());
    assertEquals(2, repository.failed(ShardId.GLOBAL, 10).size());
    assertEquals(
        repository.failed(ShardId.GLOBAL, 10), repository.failed(10).values().get(ShardId.GLOBAL));
    assertEquals(List.of(), repository.failed(10).values().get(ZERO));
    assertEquals(Map.of(ZERO, 3L, ShardId.GLOBAL, 0L), repository.cleanUp(Duration.ZERO).values());
    assertThrows(IllegalArgumentException.class, () -> repository.cleanUp(Duration.ofDays(-1)));
  }

  private static void insert(
      Database database, String prefix, int count, String status, String publishedAt)
      throws SQLException {
    database.run(
        """
        INSERT INTO outbox_events (id, domain, event_type, aggregate_type, aggregate_id,
          event_data, status, created_at, updated_at, published_at)
        SELECT CONCAT('%s-', n), 'CHAT', 't', 'a', '1', '{}', '%s', UTC_TIMESTAMP(6),
          UTC_TIMESTAMP(6), %s
        FROM (WITH RECURSIVE counter (n) AS
          (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < %d)
          SELECT /*+ SET_VAR(cte_max_recursion_depth = 100000) */ n FROM counter) c"""
            .formatted(prefix, status, publishedAt, count));
  }

  @Test
  void invalidLimitsAndShardsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> repository.pending(ZERO, 0));
    assertThrows(
        IllegalArgumentException.class, () -> repository.pending(ShardId.of("unknown"), 1));
  }
}
