package io.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills the relay process under load. */
@Tag("fault")
@SandboxTest
class RelayProcessIT {

  private static final int KILLS = 4;

  /** One transaction of many rows, so that kills hit it, and then many of few rows. */
  private static final int ROWS_OF_LARGE = 12_000;

  private static final int SMALL = 1_500;

  @Test
  void aKillUnderLoadNeitherLosesNorDuplicatesEvents(Sandbox sandbox, @TempDir Path folder)
      throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "kills", 1);
    fixture.provision();
    List<String> written = Collections.synchronizedList(new ArrayList<>());
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (TopicReader topic = fixture.reader(EventDomain.CHAT)) {
      Future<?> load = thread.submit(() -> writeLoad(fixture, written));
      int seen = 0;
      for (int kill = 0; kill < KILLS; kill++) {
        try (RelayProcess relay = RelayProcess.start(folder, fixture.config())) {
          // Each time at a later point of the load.
          seen = topic.await(seen + 500).size();
          relay.kill();
        }
      }
      load.get();
      OutboxEvent last = RelayFixture.chat("last", "{}");
      fixture.write(0, last);
      written.add(last.id().toString());
      try (RelayProcess relay = RelayProcess.start(folder, fixture.config())) {
        topic.await(written.size());
        List<String> ids = TopicReader.ids(topic.awaitId(last.id()));
        assertEquals(written, ids.stream().sorted().toList());
        assertEquals(143, relay.terminate());
      }
    } finally {
      thread.shutdown();
    }
  }

  /** Ids ascend, so the list is sorted. */
  private static Void writeLoad(RelayFixture fixture, List<String> written) throws SQLException {
    try (Connection connection = fixture.connect(0)) {
      List<OutboxEvent> large = new ArrayList<>();
      for (int i = 0; i < ROWS_OF_LARGE; i++) {
        large.add(RelayFixture.chat("room-" + i % 7, "{\"n\":" + i + "}"));
      }
      fixture.append(connection, large.toArray(OutboxEvent[]::new));
      connection.commit();
      large.forEach(event -> written.add(event.id().toString()));
      for (int i = 0; i < SMALL; i++) {
        OutboxEvent event = RelayFixture.chat("room-" + i % 7, "{}");
        fixture.append(connection, event);
        connection.commit();
        written.add(event.id().toString());
      }
    }
    return null;
  }
}
