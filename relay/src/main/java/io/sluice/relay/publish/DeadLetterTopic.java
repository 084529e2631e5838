package io.sluice.relay.publish;

/**
 * A dead-letter topic.
 *
 * @param bytes maximum size of key, value and headers of a record
 */
record DeadLetterTopic(String name, long bytes) {}
