package io.sluice.sandbox.server.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Mutual exclusion among threads and processes on this machine. */
public final class FileLocked {
  private FileLocked() {}

  /**
   * Does the work while holding the lock. The operating system releases the lock of a process that
   * ends.
   *
   * @param file the file to lock; created with its folders, and not deleted
   * @param bound how long to wait for the lock
   */
  public static <T> T call(Path file, Duration bound, Supplier<T> work) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        AtomicReference<@Nullable FileLock> lock = new AtomicReference<>();
        if (!Await.until(bound, () -> tryLock(channel, lock))) {
          throw new IllegalStateException(
              file + " is locked by another process for more than " + bound);
        }
        return work.get();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean tryLock(FileChannel channel, AtomicReference<@Nullable FileLock> lock) {
    try {
      lock.set(channel.tryLock());
      return Optional.ofNullable(lock.get()).isPresent();
    } catch (OverlappingFileLockException heldByAThreadOfThisProcess) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
