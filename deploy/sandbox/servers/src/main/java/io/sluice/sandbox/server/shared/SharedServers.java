package io.sluice.sandbox.server.shared;

import io.sluice.sandbox.server.SandboxServers;
import io.sluice.sandbox.server.api.SandboxException;
import io.sluice.sandbox.server.api.ServerStartException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The servers that all test classes share. If the system property {@code sluice.sandbox.build}
 * names a folder, a separate process starts them once for each build and ends with Maven. Without
 * it, for example in an IDE, each JVM starts them once.
 *
 * <p>They cannot be stopped or killed. A test that must kill a server starts another one.
 *
 * <p>Thread-safe.
 */
public final class SharedServers {
  /** Names the folder in which the JVMs of a build find its servers. */
  public static final String BUILD_FOLDER = "sluice.sandbox.build";

  private static Optional<SandboxServers> servers = Optional.empty();
  private static Optional<SandboxException> failure = Optional.empty();

  private SharedServers() {}

  /**
   * The servers, ready for use. The first call in a build starts them; the first call in a JVM
   * prints their description. After a failure there is no second attempt.
   */
  public static synchronized SandboxServers get() {
    if (servers.isEmpty()) {
      failure.ifPresent(
          first -> {
            throw new ServerStartException(
                "The servers could not be started before: " + first.getMessage(), first);
          });
      servers = Optional.of(find());
      servers.ifPresent(found -> System.out.println("sandbox: " + found.description()));
    }
    return servers.get();
  }

  private static SandboxServers find() {
    try {
      return rendezvous().attach();
    } catch (SandboxException e) {
      failure = Optional.of(e);
      throw e;
    }
  }

  private static Rendezvous rendezvous() {
    return Optional.ofNullable(System.getProperty(BUILD_FOLDER))
        .filter(folder -> !folder.isBlank())
        .map(Path::of)
        .flatMap(
            folder -> BuildOwner.ofThisProcess().map(build -> new RendezvousFiles(folder, build)))
        .map(files -> new HolderProcess(files).find())
        .orElseGet(SharedServers::startHere);
  }

  /** Starts the servers. They are not closed, because they end with this JVM. */
  private static Rendezvous startHere() {
    BuildOwner self =
        BuildOwner.of(ProcessHandle.current())
            .orElseThrow(() -> new IllegalStateException("this process has no time of start"));
    return Rendezvous.of(self, SandboxServers.start());
  }
}
