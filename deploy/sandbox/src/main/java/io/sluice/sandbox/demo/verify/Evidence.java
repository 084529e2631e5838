package io.sluice.sandbox.demo.verify;

import java.util.Objects;

/**
 * What a verdict rests on.
 *
 * @param tables the events as they were committed
 * @param topics the domains' topics
 * @param deadLetters the topics of what their handlers have given up
 * @param ledger the effects of handlers
 */
public record Evidence(
    OutboxTables tables, TopicObserver topics, TopicObserver deadLetters, LedgerAudit ledger) {

  public Evidence {
    Objects.requireNonNull(tables, "tables");
    Objects.requireNonNull(topics, "topics");
    Objects.requireNonNull(deadLetters, "deadLetters");
    Objects.requireNonNull(ledger, "ledger");
  }
}
