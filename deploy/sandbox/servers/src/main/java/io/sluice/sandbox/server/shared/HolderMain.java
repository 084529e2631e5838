package io.sluice.sandbox.server.shared;

import io.sluice.sandbox.server.SandboxServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The process that holds the servers of a build: it starts them, publishes their addresses, and
 * ends them when the build ends. Arguments: the folder of the rendezvous files, and the process of
 * the build.
 */
final class HolderMain {
  private HolderMain() {}

  public static void main(String[] arguments) throws IOException {
    RendezvousFiles files =
        new RendezvousFiles(Path.of(arguments[0]), BuildOwner.parse(arguments[1]));
    Optional<ProcessHandle> build = files.owner().process();
    if (build.isEmpty()) {
      return;
    }
    try (SandboxServers servers = SandboxServers.start()) {
      Runtime.getRuntime().addShutdownHook(new Thread(files::remove, "sandbox-rendezvous"));
      BuildOwner self = BuildOwner.of(ProcessHandle.current()).orElseThrow();
      files.write(Rendezvous.of(self, servers));
      build.get().onExit().join();
    } catch (RuntimeException e) {
      Files.writeString(files.error(), Optional.ofNullable(e.getMessage()).orElse(e.toString()));
      throw e;
    }
  }
}
