package io.sluice.handlers.internal.status;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a desk is still to look at. To add is thread-safe, to take is the desk's thread alone. */
final class DeskQueue {

  private final LinkedBlockingQueue<DeskRequest> requests = new LinkedBlockingQueue<>();

  void add(DeskRequest request) {
    requests.add(request);
  }

  /** Waits for one, and takes all that have come by then; none at the end of the time. */
  List<DeskRequest> take(Duration longest) throws InterruptedException {
    List<DeskRequest> taken = new ArrayList<>();
    @Nullable DeskRequest first = requests.poll(longest.toNanos(), TimeUnit.NANOSECONDS);
    if (first != null) {
      taken.add(first);
      requests.drainTo(taken);
    }
    return taken;
  }
}
