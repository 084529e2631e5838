package io.sluice.handlers.internal.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.handlers.TestDataSource;
import io.sluice.handlers.internal.HandlerTimings;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShardStatusStoresTest {

  private final List<Thread> threads = new ArrayList<>();

  /** Returns a thread; the first one ends immediately, as after an error. */
  private Thread thread(Runnable store) {
    Thread thread = new Thread(threads.isEmpty() ? () -> {} : store, "store-" + threads.size());
    threads.add(thread);
    return thread;
  }

  private static TestDataSource away() {
    return new TestDataSource() {
      @Override
      public Connection getConnection() throws SQLException {
        throw new SQLException("the database is away", "08S01");
      }
    };
  }

  @Test
  void aThreadThatHasDiedIsReplacedAndOneThatLivesIsNot() throws Exception {
    ShardDataSources shards = ShardDataSources.of(Map.of(ShardId.GLOBAL, away()));
    try (ShardStatusStores stores =
        new ShardStatusStores(
            shards,
            new WriteBatching(500, Duration.ofMillis(5)),
            HandlerTimings.PRODUCTION,
            InstantSource.system(),
            this::thread)) {
      stores.ask(ShardId.GLOBAL, new RowRequest.Probe(() -> {}));
      threads.get(0).join();
      stores.ask(ShardId.GLOBAL, new RowRequest.Probe(() -> {}));
      stores.ask(ShardId.GLOBAL, new RowRequest.Probe(() -> {}));

      assertEquals(2, threads.size());
    }
  }
}
