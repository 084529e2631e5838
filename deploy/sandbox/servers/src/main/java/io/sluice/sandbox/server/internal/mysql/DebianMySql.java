package io.sluice.sandbox.server.internal.mysql;

import io.sluice.sandbox.server.api.MySqlSettings;
import io.sluice.sandbox.server.internal.way.Applicability;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.internal.way.Way;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.stream.Stream;

/**
 * Debian's build of the server, unpacked with its dependencies into a cache folder. It comes with
 * its C library, so it is started through the dynamic linker of that library.
 */
record DebianMySql(SandboxEnvironment environment, MySqlSettings settings)
    implements Way<RunningMySql> {
  private static final String PACKAGE = "mysql-server-core";

  @Override
  public String name() {
    return "debian";
  }

  @Override
  public Applicability check() {
    return packages().check();
  }

  @Override
  public RunningMySql start() {
    return mysqldIn(packages().unpacked()).start(environment, settings);
  }

  private DebianPackages packages() {
    return new DebianPackages(environment, PACKAGE);
  }

  private static Mysqld mysqldIn(Path root) {
    Path usr = root.resolve("usr");
    Path linker = one(usr, "glob:**/lib*/ld-linux-*.so.*", 2);
    Path libraries = one(usr.resolve("lib"), "glob:**/lib/*-linux-gnu*", 1);
    return new Mysqld(
        List.of(
            linker.toString(),
            "--library-path",
            libraries.toString(),
            usr.resolve("sbin/mysqld").toString()),
        List.of(
            "--basedir=" + usr,
            "--lc-messages-dir=" + usr.resolve("share/mysql"),
            "--character-sets-dir=" + usr.resolve("share/mysql/charsets"),
            "--plugin-dir=" + usr.resolve("lib/mysql/plugin")),
        "Debian package");
  }

  private static Path one(Path folder, String glob, int depth) {
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher(glob);
    try (Stream<Path> files = Files.walk(folder, depth)) {
      return files
          .filter(matcher::matches)
          .findFirst()
          .orElseThrow(
              () -> new IllegalStateException("nothing in " + folder + " matches " + glob));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
