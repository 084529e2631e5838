package io.sluice.sandbox.server.internal.mysql;

import io.sluice.sandbox.server.api.ServerStartException;
import io.sluice.sandbox.server.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Downloads packages with apt, and keeps apt's state in one folder. Uses the mirror, the keys and
 * the download options (proxies, certificates) of this machine's configuration, but not its hooks.
 */
record PackageDownload(Path folder) {
  private static final Duration BOUND = Duration.ofMinutes(10);
  private static final Path KEYS = Path.of("/usr/share/keyrings/debian-archive-keyring.gpg");
  private static final String CONFIGURATION =
      """
      #clear Acquire::Languages;
      Acquire::Languages "none";
      APT::Install-Recommends "false";
      APT::Sandbox::User "root";
      Dir::Etc::main "/dev/null";
      Dir::Etc::parts "/dev/null";
      Dir::Etc::sourcelist "/dev/null";
      Dir::Etc::sourceparts "%1$s/sources";
      Dir::Etc::preferences "/dev/null";
      Dir::Etc::preferencesparts "/dev/null";
      Dir::State "%1$s/state";
      Dir::State::status "%1$s/status";
      Dir::Cache "%1$s/cache";
      Dir::Log "%1$s/log";
      """;

  /** Prepares the folder. */
  static PackageDownload into(Path folder, DebianMirror mirror) throws IOException {
    PackageDownload download = new PackageDownload(folder);
    Files.createDirectories(folder.resolve("state/lists/partial"));
    Files.createDirectories(folder.resolve("cache/archives/partial"));
    Files.createDirectories(folder.resolve("sources"));
    Files.createFile(folder.resolve("status"));
    Files.writeString(folder.resolve("sources/debian.sources"), source(mirror));
    Files.writeString(
        folder.resolve("apt.conf"), download.acquireOptions() + CONFIGURATION.formatted(folder));
    return download;
  }

  /** Downloads a package and its dependencies, and unpacks them into one folder. */
  void unpack(String name, Path root) throws IOException {
    Map<String, String> environment =
        Map.of("APT_CONFIG", folder.resolve("apt.conf").toString(), "LC_ALL", "C");
    run(List.of("apt-get", "update"), environment);
    run(List.of("apt-get", "--yes", "--download-only", "install", name), environment);
    try (Stream<Path> archives = Files.list(folder.resolve("cache/archives"))) {
      for (Path archive : archives.filter(PackageDownload::isPackage).sorted().toList()) {
        run(List.of("dpkg-deb", "--extract", archive.toString(), root.toString()), Map.of());
      }
    }
  }

  private static String source(DebianMirror mirror) {
    String source = "Types: deb\nURIs: " + mirror.address() + "\nSuites: sid\nComponents: main\n";
    return Files.isReadable(KEYS) ? source + "Signed-By: " + KEYS + "\n" : source;
  }

  private String acquireOptions() {
    StringBuilder options = new StringBuilder();
    run(List.of("apt-config", "dump"), Map.of())
        .lines()
        .filter(line -> line.startsWith("Acquire::"))
        .forEach(line -> options.append(line).append('\n'));
    return options.toString();
  }

  private static boolean isPackage(Path file) {
    return file.getFileName().toString().endsWith(".deb");
  }

  private String run(List<String> words, Map<String, String> environment) {
    Command.Outcome outcome = Command.run(words, environment, BOUND);
    if (outcome.status() != 0) {
      throw new ServerStartException(
          String.join(" ", words)
              + " failed with status "
              + outcome.status()
              + " while a MySQL server was fetched from Debian:\n"
              + outcome.output());
    }
    return outcome.output();
  }
}
