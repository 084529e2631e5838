package io.sluice.relay.binlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EngineThreadsTest {

  @Test
  void reportsWhatEndedAThreadToTheRunThatHasTheGroup() throws Exception {
    StackOverflowError error = new StackOverflowError();
    CompletableFuture<Throwable> first = new CompletableFuture<>();
    CompletableFuture<Throwable> second = new CompletableFuture<>();
    EngineThreads former = new EngineThreads("reused", first::complete);
    assertEquals(0, former.interruptLeaked());
    EngineThreads present = new EngineThreads("reused", second::complete);

    present.start(
        () -> {
          throw error;
        });

    assertSame(error, second.get(10, TimeUnit.SECONDS));
    assertFalse(first.isDone());
  }
}
