package io.sluice.relay.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.ShardId;
import io.sluice.relay.repair.Repair.AwaitCommit;
import io.sluice.relay.repair.Repair.MarkFailed;
import io.sluice.relay.repair.Repair.SweepGap;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RepairFormatTest {

  private static final ShardId SHARD = ShardId.of("s0");

  @Test
  void readsWhatItWrote() {
    for (Repair repair :
        new Repair[] {
          new MarkFailed(SHARD, "e", Optional.of("2"), "too large"),
          new MarkFailed(SHARD, "e", Optional.empty(), "no event"),
          new AwaitCommit(SHARD, "e", "uuid:7"),
          new SweepGap(SHARD, Optional.empty(), Instant.ofEpochSecond(7), "new")
        }) {
      assertEquals(repair, RepairFormat.fromJson(RepairFormat.toJson(repair)));
    }
  }

  @Test
  void aNoteThatSaysNothingOfRedrivesIsAboutEveryCopy() {
    String json = "{\"shard\":\"s0\",\"kind\":\"failed\",\"event\":\"e\",\"reason\":\"r\"}";
    MarkFailed failed = (MarkFailed) RepairFormat.fromJson(json.getBytes(StandardCharsets.UTF_8));

    assertTrue(failed.isAbout(new EventCopy("e", "1")));
    assertFalse(failed.isAbout(new EventCopy("f", "1")));
    assertFalse(new MarkFailed(SHARD, "e", Optional.of(""), "r").isAbout(new EventCopy("e", "1")));
  }
}
