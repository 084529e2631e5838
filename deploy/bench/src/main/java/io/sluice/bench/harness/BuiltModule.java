package io.sluice.bench.harness;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * What Maven has built of a module of a checkout.
 *
 * @param folder the module's folder
 */
public record BuiltModule(Path folder) {

  /** The module's jar. */
  public Path jar() {
    return built(".jar");
  }

  /** The folder of the module's distribution. */
  public Path distribution() {
    return built("");
  }

  private Path built(String ending) {
    Path target = folder.resolve("target");
    Properties module = new Properties();
    try (Reader reader = Files.newBufferedReader(target.resolve("maven-archiver/pom.properties"))) {
      module.load(reader);
      Path file =
          target.resolve(
              module.getProperty("artifactId") + "-" + module.getProperty("version") + ending);
      if (!Files.exists(file)) {
        throw new IOException(file + " is missing");
      }
      return file;
    } catch (IOException e) {
      throw new IllegalStateException(
          "%s is not built (%s): run deploy/bench/run there, or mvn package"
              .formatted(folder, e.getMessage()),
          e);
    }
  }
}
