package io.sluice.sandbox.server.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A folder that is filled once and used by later runs, until someone deletes it.
 *
 * <p>Safe among threads and processes: one at a time fills it, and it appears complete or not at
 * all.
 *
 * @param folder the folder, below the user's cache folder
 */
public record CachedFolder(Path folder) {
  private static final Duration LOCK = Duration.ofMinutes(15);
  private static final String PART = ".part";

  /** Whether the folder is filled. */
  public boolean exists() {
    return Files.isDirectory(folder);
  }

  /**
   * Fills the folder unless it exists.
   *
   * @return the folder
   */
  public Path filledBy(Filling filling) {
    return exists()
        ? folder
        : FileLocked.call(sibling(".lock"), LOCK, () -> exists() ? folder : fill(filling));
  }

  private Path fill(Filling filling) {
    try {
      removeIncomplete();
      Path part = Files.createDirectories(sibling("." + UUID.randomUUID() + PART));
      Path content = filling.fill(part);
      Files.move(content, folder, StandardCopyOption.ATOMIC_MOVE);
      if (Files.exists(part)) {
        Folder.remove(part);
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot fill " + folder, e);
    }
  }

  /**
   * Removes folders that were not completed. The caller holds the lock, so the processes that
   * created them have ended.
   */
  private void removeIncomplete() throws IOException {
    String start = folder.getFileName() + ".";
    try (Stream<Path> siblings = Files.list(folder.getParent())) {
      List<Path> incomplete =
          siblings
              .filter(file -> file.getFileName().toString().startsWith(start))
              .filter(file -> file.getFileName().toString().endsWith(PART))
              .toList();
      for (Path part : incomplete) {
        Folder.remove(part);
      }
    }
  }

  private Path sibling(String ending) {
    return folder.resolveSibling(folder.getFileName() + ending);
  }

  /** Produces the content of the folder. */
  public interface Filling {
    /**
     * Produces the content.
     *
     * @param part an empty folder to work in
     * @return the folder with the content: {@code part} or one below it
     */
    Path fill(Path part) throws IOException;
  }
}
