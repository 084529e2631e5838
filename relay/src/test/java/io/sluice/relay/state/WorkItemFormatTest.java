package io.sluice.relay.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.ShardId;
import io.sluice.relay.state.WorkItem.AwaitCommit;
import io.sluice.relay.state.WorkItem.MarkFailed;
import io.sluice.relay.state.WorkItem.ReconcileGap;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkItemFormatTest {

  private static final ShardId SHARD = ShardId.of("s0");

  @Test
  void parsesItsOutput() {
    for (WorkItem item :
        new WorkItem[] {
          new MarkFailed(SHARD, "e", Optional.of("2"), "too large"),
          new MarkFailed(SHARD, "e", Optional.empty(), "no event"),
          new AwaitCommit(SHARD, "e", "uuid:7"),
          new ReconcileGap(SHARD, Optional.empty(), Instant.ofEpochSecond(7), "new")
        }) {
      assertEquals(item, WorkItemFormat.fromJson(WorkItemFormat.toJson(item)));
    }
  }

  @Test
  void anItemWithoutARedriveCountConcernsEveryCopy() {
    String json = "{\"shard\":\"s0\",\"kind\":\"failed\",\"event\":\"e\",\"reason\":\"r\"}";
    MarkFailed failed = (MarkFailed) WorkItemFormat.fromJson(json.getBytes(StandardCharsets.UTF_8));

    assertTrue(failed.isAbout(new EventCopy("e", "1")));
    assertFalse(failed.isAbout(new EventCopy("f", "1")));
    assertFalse(new MarkFailed(SHARD, "e", Optional.of(""), "r").isAbout(new EventCopy("e", "1")));
  }
}
