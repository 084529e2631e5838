package io.sluice.relay.publish;

/**
 * A topic for dead letters.
 *
 * @param bytes that key, value and headers of a record may have together
 */
record DeadLetterTopic(String name, long bytes) {}
