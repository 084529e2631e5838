package io.sluice.redrive;

import io.sluice.redrive.RedriveOutcome.PassedOver;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Counts what is done in a shard. Of one run, used by its thread. */
final class Tally {

  private static final int MOST_EXAMPLES = 100;

  private final Map<String, PassedOver> examples = new TreeMap<>();
  private long events;
  private long followers;
  private long passedOver;

  void add(HeadTransaction.Done done) {
    events += done.heads().size();
    followers += done.followers().size();
  }

  void passOver(String id, PassedOver why) {
    passedOver++;
    if (examples.size() < MOST_EXAMPLES) {
      examples.put(id, why);
    }
  }

  ShardReport report(Optional<RedriveException> failure) {
    return new ShardReport(events, followers, passedOver, examples, failure);
  }
}
