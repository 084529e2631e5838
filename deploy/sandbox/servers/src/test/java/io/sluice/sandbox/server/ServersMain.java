package io.sluice.sandbox.server;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/**
 * Starts servers and never closes them. During its shutdown it checks that they still serve, as an
 * orderly shutdown of an application needs. Argument: the folder for the result.
 */
public final class ServersMain {
  private ServersMain() {}

  public static void main(String[] arguments) throws IOException {
    SandboxServers servers = SandboxServers.start();
    Path report = Path.of(arguments[0], "served-while-shutting-down");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> use(servers, report)));
    System.out.println("ready " + servers.description());
    System.in.transferTo(OutputStream.nullOutputStream());
  }

  private static void use(SandboxServers servers, Path report) {
    try (Connection connection = servers.mysql().connect();
        Admin admin =
            Admin.create(Map.of("bootstrap.servers", servers.kafka().bootstrapServers()))) {
      if (connection.isValid(5) && !admin.describeCluster().nodes().get().isEmpty()) {
        Files.createFile(report);
      }
    } catch (SQLException | IOException | ExecutionException | InterruptedException e) {
      throw new IllegalStateException("the servers were gone before their JVM", e);
    }
  }
}
