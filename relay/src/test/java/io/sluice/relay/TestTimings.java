package io.sluice.relay;

import io.sluice.relay.maintenance.MaintenanceTimings;
import io.sluice.relay.reconcile.ReconcileTimings;
import io.sluice.relay.supervise.SupervisionTimings;
import java.time.Duration;

/** Periods so short that tests do not wait for them. */
public final class TestTimings {

  public static final ReconcileTimings RECONCILE =
      new ReconcileTimings(
          Duration.ofMillis(100),
          Duration.ofMillis(200),
          Duration.ofMillis(200),
          Duration.ofSeconds(1),
          Duration.ofMillis(500),
          Duration.ofSeconds(3));

  public static final MaintenanceTimings MAINTENANCE =
      new MaintenanceTimings(
          Duration.ofMillis(50),
          Duration.ofMillis(100),
          Duration.ofSeconds(1),
          Duration.ofMillis(100),
          Duration.ofMillis(500),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          Duration.ofSeconds(3));

  /** For tests in which connections break: a lost connection is detected soon. */
  public static final RelayTimings OF_BROKEN_CONNECTIONS =
      of(supervision(Duration.ofSeconds(4), Duration.ofMillis(300)));

  /** Long timeouts for a server and an engine on a loaded machine. */
  public static final RelayTimings SHORT =
      of(
          supervision(
              RelayTimings.PRODUCTION.supervision().silence(),
              RelayTimings.PRODUCTION.supervision().engineEnd()));

  private TestTimings() {}

  private static RelayTimings of(SupervisionTimings supervision) {
    return new RelayTimings(
        Duration.ofMillis(200), Duration.ofMillis(200), supervision, MAINTENANCE, RECONCILE);
  }

  private static SupervisionTimings supervision(Duration silence, Duration engineEnd) {
    return new SupervisionTimings(
        Duration.ofMillis(200),
        silence,
        engineEnd,
        Duration.ofMillis(50),
        Duration.ofMillis(50),
        Duration.ofSeconds(1),
        Duration.ofMillis(500),
        Duration.ofMillis(200),
        Duration.ofSeconds(2));
  }
}
