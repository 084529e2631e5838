package io.sluice.relay.record;

/**
 * Why Kafka refuses a record.
 *
 * @param isTooLarge whether the record exceeds a limit of its topic
 */
public record Refusal(String reason, boolean isTooLarge) {}
