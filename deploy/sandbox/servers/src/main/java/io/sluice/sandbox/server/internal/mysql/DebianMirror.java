package io.sluice.sandbox.server.internal.mysql;

import io.sluice.sandbox.server.process.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A mirror of Debian that this machine's apt uses.
 *
 * @param address the base address of the archive
 */
record DebianMirror(String address) {
  private static final String FORMAT = "$(ORIGIN)|$(LABEL)|$(RELEASE)|$(REPO_URI)";
  private static final Path OS_RELEASE = Path.of("/etc/os-release");

  /**
   * Finds the first apt source that is Debian itself. The source is recognised by its origin if
   * this machine has package lists, otherwise by the release name of the system.
   */
  static Optional<DebianMirror> find() {
    Command.Outcome targets =
        Command.run(
            List.of("apt-get", "indextargets", "--no-release-info", "--format", FORMAT),
            Map.of(),
            Duration.ofSeconds(30));
    if (targets.status() != 0) {
      return Optional.empty();
    }
    return in(targets.output(), codename());
  }

  static Optional<DebianMirror> in(String targets, Optional<String> codename) {
    return targets
        .lines()
        .map(line -> line.split("\\|", -1))
        .filter(field -> field.length == 4)
        .filter(
            field ->
                (field[0].equals("Debian") && field[1].equals("Debian"))
                    || codename.filter(field[2]::equals).isPresent())
        .map(field -> new DebianMirror(field[3]))
        .findFirst();
  }

  /** The release of this machine's Debian; empty on other systems, including derivatives. */
  private static Optional<String> codename() {
    if (!Files.isReadable(OS_RELEASE)) {
      return Optional.empty();
    }
    try {
      List<String> lines = Files.readAllLines(OS_RELEASE);
      return lines.contains("ID=debian")
          ? lines.stream()
              .filter(line -> line.startsWith("VERSION_CODENAME="))
              .map(line -> line.substring("VERSION_CODENAME=".length()))
              .findFirst()
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
