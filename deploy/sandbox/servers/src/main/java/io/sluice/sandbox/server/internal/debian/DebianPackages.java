package io.sluice.sandbox.server.internal.debian;

import io.sluice.sandbox.server.internal.way.Applicability;
import io.sluice.sandbox.server.internal.way.Applicability.Applies;
import io.sluice.sandbox.server.internal.way.Applicability.DoesNotApply;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.process.FileLocked;
import io.sluice.sandbox.server.process.Folder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A package of Debian's unstable suite with all it depends on, unpacked below the cache folder.
 * Once unpacked it is used as it is until someone deletes the folder.
 *
 * <p>Safe among threads and processes: one at a time downloads, and the folder appears complete or
 * not at all.
 *
 * @param environment where the cache folder and the tools are found
 * @param name the package's name
 */
public record DebianPackages(SandboxEnvironment environment, String name) {
  private static final Duration LOCK = Duration.ofMinutes(15);
  private static final List<String> TOOLS = List.of("apt-get", "apt-config", "dpkg-deb");
  private static final String PART = ".part";

  /** Whether the package is cached already or can be fetched. */
  public Applicability check() {
    if (Files.isDirectory(folder())) {
      return new Applies();
    }
    Optional<String> missing =
        TOOLS.stream().filter(tool -> environment.executable(tool).isEmpty()).findFirst();
    if (missing.isPresent()) {
      return new DoesNotApply("there is no " + missing.get() + " on PATH, so this is no Debian");
    }
    return DebianMirror.find().isPresent()
        ? new Applies()
        : new DoesNotApply("apt's sources name no mirror of Debian");
  }

  /** The folder it is unpacked in, fetched the first time. */
  public Path unpacked() {
    if (!Files.isDirectory(folder())) {
      Path lock = folder().resolveSibling(folder().getFileName() + ".lock");
      FileLocked.run(lock, LOCK, this::fetchUnlessFetched);
    }
    return folder();
  }

  private Path folder() {
    return environment
        .cacheFolder()
        .resolve("debian-" + name + "-" + System.getProperty("os.arch"));
  }

  private void fetchUnlessFetched() {
    if (Files.isDirectory(folder())) {
      return;
    }
    Path part = folder().resolveSibling(folder().getFileName() + "." + UUID.randomUUID() + PART);
    try {
      removeLeftovers();
      Path root = Files.createDirectories(part.resolve("root"));
      DebianMirror mirror =
          DebianMirror.find().orElseThrow(() -> new IllegalStateException("check() comes first"));
      PackageDownload.into(part, mirror).unpack(name, root);
      Files.move(root, folder(), StandardCopyOption.ATOMIC_MOVE);
      Folder.remove(part);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot fill " + folder(), e);
    }
  }

  /** What a process that was killed while fetching left behind; the lock says it is dead. */
  private void removeLeftovers() throws IOException {
    try (Stream<Path> siblings = Files.list(folder().getParent())) {
      String start = folder().getFileName() + ".";
      List<Path> leftovers =
          siblings
              .filter(file -> file.getFileName().toString().startsWith(start))
              .filter(file -> file.getFileName().toString().endsWith(PART))
              .toList();
      for (Path leftover : leftovers) {
        Folder.remove(leftover);
      }
    }
  }
}
