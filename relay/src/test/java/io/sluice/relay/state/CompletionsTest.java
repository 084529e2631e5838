package io.sluice.relay.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.ShardId;
import io.sluice.relay.Await;
import io.sluice.relay.state.Completions.Completed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CompletionsTest {

  private static final Duration LONG = Duration.ofMinutes(5);
  private static final int FULL = 20_000;

  private final Completions completions = new Completions();

  private static List<Completed> events(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> new Completed(ShardId.of("s"), new EventCopy("e" + i, "")))
        .toList();
  }

  @Test
  void noneIsOmittedByAThreadThatWaitsWhileRowsAreMarked() throws InterruptedException {
    int before = completions.omissions();
    completions.addAll(events(0, FULL));
    CompletableFuture<Void> added = new CompletableFuture<>();
    Thread relaying =
        new Thread(
            () -> {
              try {
                completions.awaitRoom(LONG);
                completions.addAll(events(FULL, FULL + 10));
                added.complete(null);
              } catch (InterruptedException e) {
                added.completeExceptionally(e);
              }
            },
            "relaying");
    relaying.start();
    Await.until(() -> relaying.getState() == Thread.State.TIMED_WAITING);
    assertFalse(added.isDone());

    List<Completed> marked = new ArrayList<>();
    for (int round = 0; marked.size() < FULL + 10; round++) {
      List<Completed> taken = completions.take(500);
      List<Completed> failed = round == 3 ? taken.subList(0, 7) : List.of();
      completions.marked(taken, failed);
      marked.addAll(taken);
      marked.removeAll(failed);
      if (taken.isEmpty()) {
        added.join();
      }
    }

    assertEquals(new HashSet<>(events(0, FULL + 10)), new HashSet<>(marked));
    assertEquals(before, completions.omissions());
  }

  @Test
  void eventsAreRelayedAndFoundLaterIfRowsCannotBeMarked() throws InterruptedException {
    int before = completions.omissions();
    completions.addAll(events(0, FULL));
    completions.addAll(events(FULL, FULL + 10));
    assertTrue(completions.omissions() > before);

    // Later waits end at once.
    completions.awaitRoom(Duration.ofMillis(1));
    completions.awaitRoom(LONG);
    List<Completed> taken = completions.take(FULL);
    completions.marked(taken, taken);
    assertFalse(completions.isReady());

    taken = completions.take(500);
    completions.marked(taken, List.of());
    assertFalse(completions.isReady(), "the events that wait come first");
    completions.marked(completions.take(FULL), List.of());
    assertTrue(completions.isReady());
  }
}
