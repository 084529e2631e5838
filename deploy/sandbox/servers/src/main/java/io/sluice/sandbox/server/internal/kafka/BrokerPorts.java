package io.sluice.sandbox.server.internal.kafka;

/**
 * Where a broker listens.
 *
 * @param clients the port for clients
 * @param controller the port for its own controller
 */
record BrokerPorts(int clients, int controller) {
  static final String HOST = "127.0.0.1";

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
