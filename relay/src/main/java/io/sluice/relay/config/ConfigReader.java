package io.sluice.relay.config;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.sluice.outbox.TopicTemplate;
import io.sluice.relay.config.RelayConfig.Identity;
import io.sluice.relay.config.RelayConfig.Publishing;
import io.sluice.relay.ops.OpsSettings;
import io.sluice.relay.publish.Delivery;
import io.sluice.relay.publish.RecordFormat;
import io.sluice.relay.publish.TopicSettings;
import io.sluice.relay.state.InternalTopics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads a relay's configuration from a YAML file and refuses it if any setting is wrong. */
public final class ConfigReader {

  private static final ObjectMapper YAML =
      YAMLMapper.builder(new YAMLFactory())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final Pattern INSTANCE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");

  private static final Pattern GROUP = Pattern.compile("[a-z0-9][a-z0-9-]{0,40}");

  private final Map<String, String> environment;

  private ConfigReader(Map<String, String> environment) {
    this.environment = environment;
  }

  /** A reader that takes {@code ${env:NAME}} from the environment of this process. */
  public static ConfigReader ofProcess() {
    return new ConfigReader(System.getenv());
  }

  static ConfigReader of(Map<String, String> environment) {
    return new ConfigReader(environment);
  }

  /**
   * Reads the file.
   *
   * @throws ConfigException with all problems found
   */
  public RelayConfig read(Path file) {
    Problems problems = new Problems();
    Path folder = file.toAbsolutePath().getParent();
    Placeholders placeholders =
        new Placeholders(environment, folder == null ? Path.of("") : folder, problems);
    RelayConfig config = read(new Section("", root(file), placeholders, problems));
    if (!problems.isEmpty()) {
      throw new ConfigException(file, problems.all());
    }
    return config;
  }

  private static ObjectNode root(Path file) {
    try {
      JsonNode root = YAML.readTree(file.toFile());
      if (root instanceof ObjectNode mapping) {
        return mapping;
      }
    } catch (IOException e) {
      throw new ConfigException(file, List.of("the file cannot be read: " + e.getMessage()));
    }
    throw new ConfigException(file, List.of("the file is not a YAML mapping of settings"));
  }

  private static RelayConfig read(Section root) {
    RelayConfig config =
        new RelayConfig(
            new Identity(
                root.value("group", new InternalTopics("sluice"), ConfigReader::group),
                root.optional("instance").map(name -> instance(root, name)),
                ops(root.section("ops"))),
            KafkaReader.read(root.section("kafka")),
            publishing(root),
            CareReader.read(root),
            ShardReader.read(root));
    root.end();
    return config;
  }

  private static String instance(Section root, String name) {
    if (!INSTANCE.matcher(name).matches()) {
      root.problem("instance", "'%s' must be of the form %s".formatted(name, INSTANCE));
    }
    return name;
  }

  private static OpsSettings ops(Section section) {
    OpsSettings defaults = OpsSettings.DEFAULT;
    OpsSettings ops =
        new OpsSettings(
            section.truth("enabled", defaults.isEnabled()),
            section.optional("host").orElse(defaults.host()),
            (int) section.number("port", defaults.port(), 0, 65_535));
    section.end();
    return ops;
  }

  private static Publishing publishing(Section root) {
    Publishing publishing =
        new Publishing(
            root.choice("delivery", Delivery.EXACTLY_ONCE, Delivery.class),
            topics(root.section("topics")),
            format(root.section("records")),
            DomainReader.read(root));
    if (publishing.domains().names().isEmpty()) {
      root.problem("domains", "has no domain: name at least one");
    }
    return publishing;
  }

  private static RecordFormat format(Section section) {
    RecordFormat format = section.choice("format", RecordFormat.PLAIN, RecordFormat.class);
    section.end();
    return format;
  }

  private static InternalTopics group(String name) {
    if (!GROUP.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'%s' must be of the form %s: it begins the names of the relay's topics"
              .formatted(name, GROUP));
    }
    return new InternalTopics(name);
  }

  private static TopicSettings topics(Section section) {
    TopicSettings topics =
        new TopicSettings(
            section.value("template", TopicTemplate.DEFAULT, TopicTemplate::new),
            (int) section.number("partitions", TopicSettings.DEFAULT_PARTITIONS, 1, 10_000),
            (short)
                section.number(
                    "replication-factor", TopicSettings.DEFAULT_REPLICATION_FACTOR, 1, 15),
            (int)
                section.number(
                    "max-message-bytes",
                    TopicSettings.DEFAULT_MAX_MESSAGE_BYTES,
                    64 << 10,
                    512 << 20));
    section.end();
    return topics;
  }
}
