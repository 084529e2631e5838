package io.sluice.sandbox.server.internal.mysql;

import io.sluice.sandbox.server.internal.way.Applicability;
import io.sluice.sandbox.server.internal.way.Applicability.Applies;
import io.sluice.sandbox.server.internal.way.Applicability.DoesNotApply;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.process.CachedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A package of Debian's unstable suite with all its dependencies, unpacked in a cached folder.
 *
 * @param environment the environment that locates the cache folder and the tools
 * @param name the package's name
 */
record DebianPackages(SandboxEnvironment environment, String name) {
  private static final List<String> TOOLS = List.of("apt-get", "apt-config", "dpkg-deb");

  /** Whether the package is cached already or can be fetched. */
  Applicability check() {
    if (cached().exists()) {
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

  /** The folder with the package's files; the first call downloads them. */
  Path unpacked() {
    return cached().filledBy(this::fetch);
  }

  private CachedFolder cached() {
    return environment.cached("debian-" + name + "-" + System.getProperty("os.arch"));
  }

  private Path fetch(Path part) throws IOException {
    Path root = Files.createDirectory(part.resolve("root"));
    DebianMirror mirror =
        DebianMirror.find().orElseThrow(() -> new IllegalStateException("check() comes first"));
    PackageDownload.into(part, mirror).unpack(name, root);
    return root;
  }
}
