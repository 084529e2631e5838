package io.sluice.sandbox.server.shared;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;

/**
 * The files by which the test JVMs of a build find the holder of its servers. They are separate for
 * each build, so that two builds in the same checkout do not end each other's servers.
 *
 * @param folder the folder of the files
 * @param owner the build
 */
record RendezvousFiles(Path folder, BuildOwner owner) {
  /** The file that a test JVM locks while it finds or starts the holder. */
  Path lock() {
    return file(".lock");
  }

  /** The log of the holder. */
  Path log() {
    return file(".log");
  }

  /** The file with the reason why the holder could not start. */
  Path error() {
    return file(".error");
  }

  /** The addresses, if the holder is alive. */
  Optional<Rendezvous> read() {
    if (!Files.exists(addresses())) {
      return Optional.empty();
    }
    try (Reader reader = Files.newBufferedReader(addresses(), StandardCharsets.UTF_8)) {
      Properties properties = new Properties();
      properties.load(reader);
      return Optional.of(Rendezvous.parse(properties))
          .filter(rendezvous -> rendezvous.holder().process().isPresent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Publishes the addresses atomically. Only this user can read them. */
  void write(Rendezvous rendezvous) {
    try {
      Path unfinished = Files.createTempFile(folder, "servers", ".new");
      try (OutputStream out = Files.newOutputStream(unfinished)) {
        rendezvous.properties().store(out, null);
      }
      Files.move(unfinished, addresses(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes the files when the build has ended. The error of a failed holder is kept. */
  void remove() {
    try {
      Files.deleteIfExists(addresses());
      Files.deleteIfExists(log());
      Files.deleteIfExists(lock());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path addresses() {
    return file(".properties");
  }

  private Path file(String ending) {
    return folder.resolve("servers-" + owner.text() + ending);
  }
}
