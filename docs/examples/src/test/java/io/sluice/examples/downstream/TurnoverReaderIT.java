package io.sluice.examples.downstream;

import static io.sluice.examples.Queries.rows;
import static io.sluice.examples.Queries.value;
import static io.sluice.examples.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.examples.StandInRelay;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.outbox.TopicTemplate;
import io.sluice.repository.EventKey;
import io.sluice.repository.OutboxRepository;
import io.sluice.repository.StoredEvent;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.writer.OutboxService;
import io.sluice.writer.OutboxWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@SandboxTest
class TurnoverReaderIT {

  private static final ShardId SHARD = ShardId.of("shard-1");

  private static StoredEvent write(ShardDataSources shards, String type, int amount) {
    OutboxEvent event =
        OutboxEvent.builder(EventDomain.PORTFOLIO, type)
            .aggregate("order", "o-" + amount)
            .json("{\"symbol\": \"AAPL\", \"amount\": %d.50}".formatted(amount))
            .build();
    new OutboxService(shards, new OutboxWriter()).publish(SHARD, event);
    return new OutboxRepository(shards).find(new EventKey(SHARD, event.id())).orElseThrow().event();
  }

  @Test
  void countsEachCommittedEventOnce(Sandbox sandbox) throws Exception {
    Database shard = sandbox.database("shard");
    shard.run(OutboxTable.ddl());
    Database own = sandbox.database("own");
    own.run(
        "CREATE TABLE seen_events (id CHAR(36) PRIMARY KEY);"
            + "CREATE TABLE turnover (symbol VARCHAR(8) PRIMARY KEY, amount DECIMAL(12, 2))");
    ShardDataSources shards = ShardDataSources.of(Map.of(SHARD, shard.dataSource()));
    String topic = sandbox.topics().create("portfolio", 1);
    String brokers = sandbox.kafka().bootstrapServers();
    StoredEvent first = write(shards, "order_placed", 10);
    StoredEvent other = write(shards, "order_cancelled", 20);
    StoredEvent brokenOff = write(shards, "order_placed", 30);
    StoredEvent last = write(shards, "order_placed", 40);
    try (StandInRelay relay =
        new StandInRelay(
            brokers,
            new TopicTemplate(sandbox.topicPrefix() + "${domain}"),
            sandbox.topicPrefix() + "relay")) {
      relay.publish(List.of(first, other));
      relay.breakOff(List.of(brokenOff));
      relay.publish(List.of(first, last));
    }

    TurnoverReader reader =
        new TurnoverReader(Map.of("bootstrap.servers", brokers), own.dataSource());
    Callable<String> reading =
        () -> {
          reader.run(topic);
          return "stopped";
        };
    FutureTask<String> end = new FutureTask<>(reading);
    new Thread(end, "turnover").start();
    try {
      until("the last event counted", () -> end.isDone() || rows(own, "seen_events") == 2);
    } finally {
      reader.stop();
    }

    assertEquals("stopped", end.get(30, TimeUnit.SECONDS));
    assertEquals("51.00", value(own, "SELECT amount FROM turnover WHERE symbol = 'AAPL'"));
  }
}
