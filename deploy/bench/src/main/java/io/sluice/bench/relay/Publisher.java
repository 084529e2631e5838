package io.sluice.bench.relay;

import io.sluice.bench.harness.ChildProcess;
import io.sluice.bench.harness.EventTopics;

/** A program that publishes the rows of an outbox table to Kafka. */
interface Publisher {

  /** Stores where each of the rounds begins to read: at what is written after this call. */
  void prepare(int rounds) throws Exception;

  EventTopics topics(int round);

  ChildProcess start(int round) throws Exception;
}
