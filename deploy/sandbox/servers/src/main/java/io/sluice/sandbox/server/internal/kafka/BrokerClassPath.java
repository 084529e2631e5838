package io.sluice.sandbox.server.internal.kafka;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/**
 * The jars of the broker. Of these, only Kafka's clients are also on the class path of this JVM.
 * The build writes the paths, relative to the local Maven repository, to a resource.
 *
 * @param jars the jars, in the order of the class path
 */
record BrokerClassPath(List<Path> jars) {
  private static final String RESOURCE = "broker-class-path.txt";
  private static final String REPOSITORY = "@repository@";
  private static final String BROKER = "kafka_2.13-";

  BrokerClassPath {
    jars = List.copyOf(jars);
  }

  /** The class path that the build wrote; empty if this module was compiled without Maven. */
  static Optional<BrokerClassPath> written() {
    try (InputStream resource = BrokerClassPath.class.getResourceAsStream(RESOURCE)) {
      return resource == null
          ? Optional.empty()
          : Optional.of(
              parse(
                  new String(resource.readAllBytes(), StandardCharsets.UTF_8), localRepository()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static BrokerClassPath parse(String written, Path repository) {
    return new BrokerClassPath(
        Arrays.stream(written.strip().split(":", -1))
            .map(entry -> repository.resolve(entry.replace(REPOSITORY + "/", "")))
            .toList());
  }

  /** The jars that do not exist. */
  List<Path> missing() {
    return jars.stream().filter(jar -> !Files.isReadable(jar)).toList();
  }

  /** The broker's version, from its jar's name. */
  String version() {
    return jars.stream()
        .map(jar -> jar.getFileName().toString())
        .filter(name -> name.startsWith(BROKER))
        .map(name -> name.substring(BROKER.length(), name.length() - ".jar".length()))
        .findFirst()
        .orElse("");
  }

  /** This class path, followed by other folders and jars. */
  BrokerClassPath with(List<Path> others) {
    return new BrokerClassPath(Stream.concat(jars.stream(), others.stream()).toList());
  }

  /** The class path as the value of a JVM option. */
  String option() {
    return jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  /**
   * The local Maven repository that contains the clients' jar of this class path; otherwise the
   * default one.
   */
  private static Path localRepository() {
    return Stream.iterate(codeSource(), Optional::isPresent, path -> path.map(Path::getParent))
        .flatMap(Optional::stream)
        .filter(folder -> Files.isDirectory(folder.resolve("org/apache/kafka/kafka-clients")))
        .findFirst()
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".m2", "repository"));
  }

  private static Optional<Path> codeSource() {
    return Optional.ofNullable(Admin.class.getProtectionDomain().getCodeSource())
        .map(source -> Path.of(URI.create(source.getLocation().toString())));
  }
}
