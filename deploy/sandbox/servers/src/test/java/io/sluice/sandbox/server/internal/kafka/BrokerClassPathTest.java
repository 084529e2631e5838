package io.sluice.sandbox.server.internal.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.sandbox.server.api.KafkaSettings;
import io.sluice.sandbox.server.internal.way.Applicability.Applies;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerClassPathTest {
  @TempDir private Path repository;

  @Test
  void isRelativeToTheLocalRepository() throws IOException {
    BrokerClassPath classPath =
        BrokerClassPath.parse(
            "@repository@/a/a-1.jar:@repository@/k/kafka_2.13-4.3.1.jar\n", repository);
    Path there = Files.createDirectories(repository.resolve("a")).resolve("a-1.jar");
    Files.createFile(there);

    assertEquals("4.3.1", classPath.version());
    assertEquals(there, classPath.jars().get(0));
    assertEquals(List.of(repository.resolve("k/kafka_2.13-4.3.1.jar")), classPath.missing());
  }

  @Test
  void isWrittenByTheBuildAndComplete() {
    BrokerClassPath written = BrokerClassPath.written().orElseThrow();
    assertEquals("4.3.1", written.version());
    assertEquals(List.of(), written.missing());
    assertEquals(
        new Applies(),
        new MavenKafka(new SandboxEnvironment(Map.of()), KafkaSettings.DEFAULT).check());
  }

  /** Topics may use any of these compression types. */
  @Test
  void holdsTheCompressorsAndOneBinding() {
    String option = BrokerClassPath.written().orElseThrow().option();
    for (String jar : List.of("lz4-java-", "snappy-java-", "zstd-jni-", "log4j-slf4j2-impl-")) {
      assertTrue(option.contains(jar), () -> jar + " is missing in " + option);
    }
  }

  @Test
  void namesPropertiesAsTheImageWantsThem() {
    assertEquals("KAFKA_LOG_DIRS", DockerKafka.variable("log.dirs"));
    assertEquals("KAFKA_A__B___C_D", DockerKafka.variable("a_b-c.d"));
  }
}
