package io.sluice.relay.route;

import java.util.Set;

/**
 * Everything that decides where events go, the same for all sources of a relay. Thread-safe.
 *
 * @param topics which topic an event goes to
 * @param records makes events' records
 * @param deadLetters makes records of what is no event
 * @param creator sees that topics exist
 */
public record Routing(
    TopicDirectory topics, RecordMaker records, DeadLetterMaker deadLetters, TopicCreator creator) {

  /** Sees that topics exist whose names become known only with an event. */
  public interface TopicCreator {

    /** Returns when all of these exist. */
    void ensure(Set<String> topics);
  }

  /** The usual makers for these topics. */
  public static Routing of(TopicDirectory topics, RecordFormat format, TopicCreator creator) {
    RecordMaker records = new RecordMaker(topics, format);
    return new Routing(topics, records, new DeadLetterMaker(topics, records), creator);
  }
}
