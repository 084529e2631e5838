package io.sluice.sandbox.demo.verify;

import java.util.Objects;

/**
 * The data that a verdict is computed from.
 *
 * @param tables the events as they were committed
 * @param topics the domains' topics
 * @param deadLetters the dead-letter topics
 * @param effects the effects of handlers
 */
public record Evidence(
    OutboxTables tables, TopicObserver topics, TopicObserver deadLetters, EffectAudit effects) {

  public Evidence {
    Objects.requireNonNull(tables, "tables");
    Objects.requireNonNull(topics, "topics");
    Objects.requireNonNull(deadLetters, "deadLetters");
    Objects.requireNonNull(effects, "effects");
  }
}
