package io.sluice.relay.binlog;

import io.debezium.connector.mysql.MySqlConnector;
import org.apache.kafka.connect.connector.Task;

/** Debezium's connector with a task that decodes rows by the definitions in the binlog. */
public final class OutboxConnector extends MySqlConnector {

  /** Called by the engine. */
  public OutboxConnector() {}

  @Override
  public Class<? extends Task> taskClass() {
    return OutboxTask.class;
  }
}
