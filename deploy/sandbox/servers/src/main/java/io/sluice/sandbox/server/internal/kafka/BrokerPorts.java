package io.sluice.sandbox.server.internal.kafka;

import io.sluice.sandbox.server.process.FreePort;

/**
 * The ports of a broker.
 *
 * @param clients the port for clients
 * @param controller the port for its controller
 */
record BrokerPorts(int clients, int controller) {
  private static final String HOST = "127.0.0.1";

  static BrokerPorts choose() {
    return new BrokerPorts(FreePort.find(), FreePort.find());
  }

  String listeners() {
    return "PLAINTEXT://" + HOST + ":" + clients + ",CONTROLLER://" + HOST + ":" + controller;
  }

  String bootstrapServers() {
    return HOST + ":" + clients;
  }

  String voters() {
    return "1@" + HOST + ":" + controller;
  }
}
