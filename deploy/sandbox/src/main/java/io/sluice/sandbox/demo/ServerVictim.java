package io.sluice.sandbox.demo;

import io.sluice.sandbox.demo.chaos.Victim;
import io.sluice.sandbox.server.KafkaServer;
import io.sluice.sandbox.server.MySqlServer;

/** A server of this run as a victim of kills. */
record ServerVictim(String name, Runnable killing, Runnable starting) implements Victim {

  static ServerVictim of(MySqlServer mysql) {
    return new ServerVictim("MySQL", mysql::kill, mysql::restart);
  }

  static ServerVictim of(KafkaServer kafka) {
    return new ServerVictim("Kafka", kafka::kill, kafka::restart);
  }

  @Override
  public void kill() {
    killing.run();
  }

  @Override
  public void start() {
    starting.run();
  }
}
