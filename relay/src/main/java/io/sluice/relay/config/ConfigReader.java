package io.sluice.relay.config;

import static io.sluice.relay.config.Values.choice;
import static io.sluice.relay.config.Values.form;
import static io.sluice.relay.config.Values.integer;
import static io.sluice.relay.config.Values.number;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.TopicTemplate;
import io.sluice.relay.config.RelayConfig.Identity;
import io.sluice.relay.config.RelayConfig.Publishing;
import io.sluice.relay.maintenance.CleanupSettings;
import io.sluice.relay.maintenance.MaintenanceSettings;
import io.sluice.relay.ops.OpsSettings;
import io.sluice.relay.publish.DeliveryGuarantee;
import io.sluice.relay.reconcile.ReconcileSettings;
import io.sluice.relay.record.Domains;
import io.sluice.relay.record.Domains.Completion;
import io.sluice.relay.record.Domains.Unpublishable;
import io.sluice.relay.record.RecordFormat;
import io.sluice.relay.record.TopicSettings;
import io.sluice.relay.recovery.RecoverySettings;
import io.sluice.relay.recovery.RecoverySettings.Approval;
import io.sluice.relay.state.InternalTopics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads a relay's configuration from a YAML file and refuses it if any setting is wrong. */
public final class ConfigReader {

  private static final ObjectMapper YAML =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final Pattern INSTANCE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");

  /** The group's name begins the names of the relay's topics. */
  private static final Pattern GROUP = Pattern.compile("[a-z0-9][a-z0-9-]{0,40}");

  private static final List<EventDomain> DEFAULT_DOMAINS =
      Stream.of("CHAT", "PORTFOLIO", "MARKET", "NOTIFICATION", "SIGNAL")
          .map(EventDomain::of)
          .toList();

  private static final Function<String, Long> QUEUE_BYTES = number(1L << 20, 4L << 30);

  private ConfigReader() {}

  /**
   * Reads the file. Takes {@code ${env:NAME}} from the environment of this process.
   *
   * @throws ConfigException with all problems found
   */
  public static RelayConfig read(Path file) {
    return read(file, System.getenv());
  }

  static RelayConfig read(Path file, Map<String, String> environment) {
    List<String> problems = new ArrayList<>();
    RelayConfig config =
        new Section("", root(file), new Placeholders(environment, file), problems)
            .read(ConfigReader::config);
    if (!problems.isEmpty()) {
      throw new ConfigException(file, problems);
    }
    return config;
  }

  private static JsonNode root(Path file) {
    try {
      JsonNode root = YAML.readTree(file.toFile());
      if (root.isObject()) {
        return root;
      }
    } catch (IOException e) {
      throw new ConfigException(file, List.of("the file cannot be read: " + e.getMessage()));
    }
    throw new ConfigException(file, List.of("the file is not a YAML mapping of settings"));
  }

  private static RelayConfig config(Section root) {
    return new RelayConfig(
        new Identity(
            new InternalTopics(root.value("group", "sluice", form(GROUP))),
            root.optional("instance", form(INSTANCE)),
            root.section("ops", ConfigReader::ops)),
        root.section("kafka", KafkaReader::read),
        new Publishing(
            root.value("delivery", DeliveryGuarantee.EXACTLY_ONCE, choice(DeliveryGuarantee.class)),
            root.section("topics", ConfigReader::topics),
            root.section("records", ConfigReader::format),
            domains(root)),
        root.section("healing", ConfigReader::recovery),
        new MaintenanceSettings(
            root.section("cleanup", ConfigReader::cleanup),
            root.section("sweep", ConfigReader::sweep),
            root.section(
                "binlog",
                binlog ->
                    binlog.value(
                        "headroom-warning",
                        MaintenanceSettings.DEFAULT.headroomWarning(),
                        Values::duration))),
        root.section("engine", ConfigReader::queueBytes),
        ShardReader.read(root));
  }

  private static OpsSettings ops(Section section) {
    OpsSettings defaults = OpsSettings.DEFAULT;
    return new OpsSettings(
        section.value("enabled", defaults.isEnabled(), Values::truth),
        section.value("host", defaults.host(), host -> host),
        section.value("port", defaults.port(), integer(0, 65_535)));
  }

  private static TopicSettings topics(Section section) {
    return new TopicSettings(
        section.value("template", TopicTemplate.DEFAULT, TopicTemplate::new),
        section.value("partitions", TopicSettings.DEFAULT_PARTITIONS, integer(1, 10_000)),
        section.value(
            "replication-factor",
            TopicSettings.DEFAULT_REPLICATION_FACTOR,
            integer(1, 15).andThen(Integer::shortValue)),
        section.value(
            "max-message-bytes",
            TopicSettings.DEFAULT_MAX_MESSAGE_BYTES,
            integer(64 << 10, 512 << 20)));
  }

  private static RecordFormat format(Section section) {
    return section.value("format", RecordFormat.PLAIN, choice(RecordFormat.class));
  }

  /** A list of names, or a mapping from names to settings. */
  private static Domains domains(Section root) {
    Map<EventDomain, Domains.Settings> domains = new TreeMap<>();
    if (root.isList("domains")) {
      root.values("domains", EventDomain::of)
          .forEach(domain -> domains.put(domain, Domains.Settings.DEFAULT));
    } else if (root.has("domains")) {
      domains.putAll(root.section("domains", ConfigReader::settingsByDomain));
    } else {
      DEFAULT_DOMAINS.forEach(domain -> domains.put(domain, Domains.Settings.DEFAULT));
    }
    if (domains.isEmpty()) {
      root.problem("domains", "has no domain: name at least one");
    }
    return new Domains(
        domains,
        root.value("unknown-domains", Unpublishable.QUARANTINE, choice(Unpublishable.class)));
  }

  private static Map<EventDomain, Domains.Settings> settingsByDomain(Section section) {
    Map<EventDomain, Domains.Settings> domains = new TreeMap<>();
    for (String name : section.names()) {
      Domains.Settings settings = section.section(name, ConfigReader::domain);
      section.parse(name, name, EventDomain::of).ifPresent(domain -> domains.put(domain, settings));
    }
    return domains;
  }

  private static Domains.Settings domain(Section section) {
    return new Domains.Settings(
        section.value("completion", Completion.HANDLERS, choice(Completion.class)),
        section.value("unpublishable", Unpublishable.QUARANTINE, choice(Unpublishable.class)));
  }

  private static RecoverySettings recovery(Section section) {
    RecoverySettings defaults = RecoverySettings.DEFAULT;
    return new RecoverySettings(
        section.value("approval", defaults.approval(), choice(Approval.class)),
        section.value("patience", defaults.patience(), Values::duration));
  }

  private static CleanupSettings cleanup(Section section) {
    CleanupSettings defaults = CleanupSettings.DEFAULT;
    return new CleanupSettings(
        section.value("published-after", defaults.published(), Values::durationOrNever),
        section.value("failed-after", defaults.failed(), Values::durationOrNever));
  }

  private static ReconcileSettings sweep(Section section) {
    ReconcileSettings defaults = ReconcileSettings.DEFAULT;
    return new ReconcileSettings(
        section.value("enabled", defaults.isEnabled(), Values::truth),
        section.value("settled-after", defaults.settled(), Values::duration),
        section.value("everything-every", defaults.everything(), Values::duration));
  }

  private static OptionalLong queueBytes(Section section) {
    return section.optional("queue-bytes", QUEUE_BYTES).stream()
        .mapToLong(Long::longValue)
        .findFirst();
  }
}
