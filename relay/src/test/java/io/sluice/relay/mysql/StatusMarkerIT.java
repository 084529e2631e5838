package io.sluice.relay.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardId;
import io.sluice.relay.RelayFixture;
import io.sluice.relay.state.Completions.Completed;
import io.sluice.relay.state.EventCopy;
import io.sluice.relay.state.WorkItem.MarkFailed;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@SandboxTest
class StatusMarkerIT {

  private static final ShardId S0 = ShardId.of("s0");

  @Test
  void anOutcomeFromBeforeARedriveIsNotWrittenToTheNewRow(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "copies", 1);
    OutboxEvent redriven =
        OutboxEvent.builder(EventDomain.CHAT, "message_sent")
            .aggregate("room", "r")
            .json("{}")
            .header("outbox-redrive", "1")
            .build();
    fixture.write(0, redriven);
    String id = redriven.id().toString();
    StatusMarker marker = new StatusMarker(fixture.source(0));

    assertEquals(0, marker.markPublished(List.of(new Completed(S0, new EventCopy(id, "")))));
    marker.markFailed(List.of(new MarkFailed(S0, id, Optional.of(""), "too large")));
    assertEquals("PENDING", status(fixture));

    assertEquals(1, marker.markPublished(List.of(new Completed(S0, new EventCopy(id, "1")))));
    assertEquals("PUBLISHED", status(fixture));
  }

  @Test
  void aRowWithOnlyAReadableIdIsMarkedFailed(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "unread", 1);
    OutboxEvent event = RelayFixture.chat("r", "{}");
    fixture.write(0, event);

    new StatusMarker(fixture.source(0))
        .markFailed(
            List.of(new MarkFailed(S0, event.id().toString(), Optional.empty(), "no event")));

    assertEquals("FAILED", status(fixture));
  }

  private static String status(RelayFixture fixture) {
    return fixture.text(0, "SELECT status FROM outbox_events");
  }
}
