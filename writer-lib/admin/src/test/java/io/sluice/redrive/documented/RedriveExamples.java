package io.sluice.redrive.documented;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardDataSources;
import io.sluice.redrive.FailedEvents;
import io.sluice.redrive.Redrive;
import io.sluice.redrive.RedriveOutcome;
import io.sluice.redrive.RedrivePreview;
import io.sluice.redrive.RedriveReport;
import io.sluice.repository.EventKey;
import java.time.Instant;

/** The code of {@code docs/redrive.md}; {@code DocumentedIT} compares both and runs it. */
public final class RedriveExamples {

  public RedriveReport sendRefusedAgain(ShardDataSources shards) {
    Redrive redrive = new Redrive(shards).withRate(200);
    FailedEvents refused =
        FailedEvents.where()
            .domain(EventDomain.PORTFOLIO)
            .errorContains("Connection refused")
            .failedSince(Instant.parse("2026-11-23T09:00:00Z"))
            .build();
    RedrivePreview preview = redrive.preview(refused); // changes nothing
    if (!preview.failures().isEmpty() || preview.events() > 100_000) {
      throw new IllegalStateException("not as expected: " + preview);
    }
    return redrive.redrive(refused); // or redrive.discard(refused)
  }

  public String sendAgain(Redrive redrive, EventKey event) {
    return redrive.redrive(event) instanceof RedriveOutcome.PassedOver left
        ? event + " was left as it was: " + left.reason()
        : event + " is on its way again";
  }

  public RedriveReport sendOrderAgain(Redrive redrive, String order) {
    return redrive.redrive(FailedEvents.where().aggregate("order", order).build());
  }
}
