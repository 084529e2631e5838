package io.sluice.handlers.internal.consume;

import static io.sluice.handlers.internal.consume.RememberingConsumer.P0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OffsetCommitterTest {

  private final Answers consumer = new Answers();
  private final OffsetCommitter committer = new OffsetCommitter(consumer);
  private final Partition partition = new Partition(P0);
  private final List<Partition> partitions = List.of(partition);

  /** A mock consumer whose commits are answered when the test decides. */
  private static final class Answers extends MockConsumer<byte[], byte[]> {

    private final List<OffsetCommitCallback> asked = new ArrayList<>();
    private final List<Long> waitedFor = new ArrayList<>();
    private boolean woken;

    Answers() {
      super("earliest");
    }

    @Override
    public synchronized void commitAsync(
        Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable OffsetCommitCallback callback) {
      if (callback != null) {
        asked.add(callback);
      }
    }

    @Override
    public synchronized void commitSync(
        Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
      if (woken) {
        woken = false;
        throw new WakeupException();
      }
      offsets.values().forEach(offset -> waitedFor.add(offset.offset()));
    }

    @SuppressWarnings("NullAway") // what a consumer says of a commit that was done
    void answer(@Nullable Exception failure) {
      asked.remove(0).onComplete(Map.of(), failure);
    }
  }

  private void finish(long offset) {
    partition.take(Records.event("1", 0, offset)).finished();
  }

  @Test
  void oneRequestIsUnderWayAtATime() {
    finish(0);
    assertTrue(committer.commit(partitions));
    finish(1);
    assertFalse(committer.commit(partitions));

    consumer.answer(null);
    assertTrue(committer.commit(partitions));
  }

  @Test
  void whatWasNotStoredIsSentAgain() {
    for (Exception passing :
        List.of(
            new TimeoutException(),
            new CommitFailedException(),
            new RebalanceInProgressException(),
            new WakeupException())) {
      finish(0);
      assertTrue(committer.commit(partitions));
      consumer.answer(passing);
      assertTrue(committer.commit(partitions), passing::toString);
      consumer.answer(passing);
    }
  }

  @Test
  void aRefusalThatDoesNotPassIsTold() {
    finish(0);
    assertTrue(committer.commit(partitions));
    consumer.answer(new TopicAuthorizationException("no"));

    assertThrows(IllegalStateException.class, () -> committer.commit(partitions));
  }

  @Test
  void aLateWakeUpDoesNotCostTheLastCommit() {
    finish(0);
    consumer.woken = true;
    committer.commitNow(partitions, Duration.ofSeconds(1));

    assertEquals(List.of(1L), consumer.waitedFor);
  }
}
