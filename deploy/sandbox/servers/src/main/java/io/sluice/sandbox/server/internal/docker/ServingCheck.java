package io.sluice.sandbox.server.internal.docker;

import com.github.dockerjava.api.DockerClient;
import io.sluice.sandbox.server.process.Await;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.utility.LogUtils;

/**
 * Waits until the server in a container serves clients, after a start and after a restart. Fails at
 * once when the container ends. The wait strategies of Testcontainers would wait for their timeout.
 */
final class ServingCheck extends StartupCheckStrategy {
  private static final Duration BOUND = Duration.ofMinutes(2);

  private final BooleanSupplier serves;
  private String log = "";

  ServingCheck(BooleanSupplier serves) {
    this.serves = serves;
  }

  @Override
  public boolean waitUntilStartupSuccessful(DockerClient client, String container) {
    Await.until(BOUND, () -> checkStartupState(client, container) != StartupStatus.NOT_YET_KNOWN);
    boolean successful = checkStartupState(client, container) == StartupStatus.SUCCESSFUL;
    // Testcontainers removes a container that did not start, and its log with it.
    log = successful ? "" : LogUtils.getOutput(client, container);
    return successful;
  }

  @Override
  public StartupStatus checkStartupState(DockerClient client, String container) {
    if (!Boolean.TRUE.equals(getCurrentState(client, container).getRunning())) {
      return StartupStatus.FAILED;
    }
    return serves.getAsBoolean() ? StartupStatus.SUCCESSFUL : StartupStatus.NOT_YET_KNOWN;
  }

  /** The container's log if the check failed; otherwise empty. */
  String log() {
    return log;
  }
}
