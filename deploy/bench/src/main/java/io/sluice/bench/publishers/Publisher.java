package io.sluice.bench.publishers;

import io.sluice.bench.events.EventTopics;
import io.sluice.bench.harness.ChildProcess;

/** A program that publishes the rows of an outbox table to Kafka. */
public interface Publisher {

  /** Stores where each of the rounds begins to read: at what is written after this call. */
  void prepare(int rounds) throws Exception;

  EventTopics topics(int round);

  ChildProcess start(int round) throws Exception;
}
