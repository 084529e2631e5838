package io.sluice.sandbox.server.internal.kafka;

import io.sluice.sandbox.server.api.KafkaSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** The files of a broker in its folder. */
record BrokerFiles(Path folder) {
  Path serverProperties() {
    return folder.resolve("server.properties");
  }

  Path logging() {
    return folder.resolve("log4j2.properties");
  }

  Path log() {
    return folder.resolve("broker.log");
  }

  void write(BrokerPorts ports, KafkaSettings settings) {
    Properties properties = new Properties();
    properties.putAll(defaults(ports));
    properties.putAll(settings.properties());
    try (OutputStream out = Files.newOutputStream(serverProperties());
        InputStream in = BrokerFiles.class.getResourceAsStream("log4j2.properties")) {
      properties.store(out, null);
      if (in == null) {
        throw new IOException("log4j2.properties is missing beside " + BrokerFiles.class.getName());
      }
      Files.copy(in, logging());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, String> defaults(BrokerPorts ports) {
    Map<String, String> defaults = new TreeMap<>(BrokerDefaults.PROPERTIES);
    defaults.put("node.id", "1");
    defaults.put("process.roles", "broker,controller");
    defaults.put("controller.listener.names", "CONTROLLER");
    defaults.put("inter.broker.listener.name", "PLAINTEXT");
    defaults.put("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT");
    defaults.put("listeners", ports.listeners());
    defaults.put("advertised.listeners", "PLAINTEXT://" + ports.bootstrapServers());
    defaults.put("controller.quorum.voters", ports.voters());
    defaults.put("log.dirs", folder.resolve("data").toString());
    return defaults;
  }
}
