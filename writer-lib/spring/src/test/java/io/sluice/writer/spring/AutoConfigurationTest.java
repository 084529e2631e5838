package io.sluice.writer.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.repository.OutboxRepository;
import io.sluice.writer.OutboxService;
import io.sluice.writer.OutboxWriter;
import io.sluice.writer.OutboxWriterBuilder;
import io.sluice.writer.testkit.RecordingOutbox;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.datasource.DataSourceUtils;

class AutoConfigurationTest {

  private final RecordingOutbox recording = new RecordingOutbox();
  private final ShardDataSources shards =
      ShardDataSources.of(Map.of(ShardId.of(7), recording.dataSource()));
  private final ApplicationContextRunner bare =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(SluiceWriterAutoConfiguration.class));
  private final ApplicationContextRunner oneDatabase =
      bare.withBean("main", DataSource.class, recording::dataSource);
  private final ApplicationContextRunner twoDatabases =
      oneDatabase.withBean("second", DataSource.class, recording::dataSource);

  private static int count(ApplicationContext context, Class<?> type) {
    return context.getBeansOfType(type).size();
  }

  private static void failsToStart(ApplicationContextRunner application, String... reasons) {
    application.run(
        context -> {
          StringBuilder text = new StringBuilder();
          Throwable cause = context.getStartupFailure();
          assertNotNull(cause, "the application has started");
          for (; cause != null; cause = cause.getCause()) {
            text.append(cause.getMessage()).append('\n');
          }
          for (String reason : reasons) {
            assertTrue(text.toString().contains(reason), text.toString());
          }
        });
  }

  @Test
  void oneDatabaseGivesWriterAndOutbox() {
    oneDatabase.run(
        context -> {
          assertEquals(1, count(context, OutboxWriter.class));
          assertEquals(1, count(context, SpringOutbox.class));
          assertEquals(0, count(context, ShardDataSources.class));
          assertEquals(0, count(context, OutboxService.class));
          assertEquals(0, count(context, OutboxRepository.class));
        });
  }

  @Test
  void severalDatabasesWithoutNamesGiveNoOutbox() {
    twoDatabases.run(
        context -> {
          assertNull(context.getStartupFailure());
          assertEquals(1, count(context, OutboxWriter.class));
          assertEquals(0, count(context, SpringOutbox.class));
        });
  }

  @Test
  void thePrimaryOfSeveralDatabasesIsEnough() {
    twoDatabases
        .withBean(
            "primary",
            DataSource.class,
            recording::dataSource,
            definition -> definition.setPrimary(true))
        .run(context -> assertEquals(1, count(context, SpringOutbox.class)));
  }

  @Test
  void noDatabaseGivesNoOutbox() {
    bare.run(
        context -> {
          assertNull(context.getStartupFailure());
          assertEquals(0, count(context, SpringOutbox.class));
        });
  }

  @Test
  void anApplicationWithoutSpringJdbcStarts() {
    bare.withClassLoader(new FilteredClassLoader(DataSourceUtils.class))
        .run(
            context -> {
              assertNull(context.getStartupFailure());
              assertEquals(0, count(context, OutboxWriter.class));
            });
  }

  @Test
  void shardsGiveAllFourBeans() {
    twoDatabases
        .withBean(ShardDataSources.class, () -> shards)
        .run(
            context -> {
              assertSame(shards, context.getBean(ShardDataSources.class));
              assertEquals(1, count(context, SpringOutbox.class));
              assertEquals(1, count(context, OutboxService.class));
              assertEquals(1, count(context, OutboxRepository.class));
            });
  }

  @Test
  void withoutTheAdminModuleThereIsNoRepository() {
    oneDatabase
        .withBean(ShardDataSources.class, () -> shards)
        .withClassLoader(new FilteredClassLoader(OutboxRepository.class))
        .run(
            context -> {
              assertNull(context.getStartupFailure());
              assertEquals(1, count(context, OutboxService.class));
              assertEquals(0, context.getBeanNamesForType(OutboxRepository.class).length);
            });
  }

  @Test
  void beansOfTheApplicationTakePrecedence() {
    OutboxWriter writer = recording.writer();
    SpringOutbox outbox = SpringOutbox.of(shards, writer);
    OutboxService service = new OutboxService(shards, writer);
    OutboxRepository repository = new OutboxRepository(shards);
    oneDatabase
        .withPropertyValues("sluice.writer.shards.a=main")
        .withBean(ShardDataSources.class, () -> shards)
        .withBean(OutboxWriter.class, () -> writer)
        .withBean(SpringOutbox.class, () -> outbox)
        .withBean(OutboxService.class, () -> service)
        .withBean(OutboxRepository.class, () -> repository)
        .run(
            context -> {
              assertSame(shards, context.getBean(ShardDataSources.class));
              assertSame(writer, context.getBean(OutboxWriter.class));
              assertSame(outbox, context.getBean(SpringOutbox.class));
              assertSame(service, context.getBean(OutboxService.class));
              assertSame(repository, context.getBean(OutboxRepository.class));
            });
    oneDatabase
        .withBean(SpringOutbox.class, () -> outbox)
        .run(context -> assertSame(outbox, context.getBean(SpringOutbox.class)));
  }

  @Test
  void settingsConfigureShards() {
    twoDatabases
        .withPropertyValues("sluice.writer.shards.1=second", "sluice.writer.shards.[eu_2]=main")
        .run(
            context -> {
              ShardDataSources named = context.getBean(ShardDataSources.class);
              assertEquals(Set.of(ShardId.of(1), ShardId.of("eu_2")), named.shards());
              assertSame(context.getBean("second"), named.get(ShardId.of(1)));
            });
  }

  @Test
  void allNamesThatAreNoDataSourceAreReported() {
    failsToStart(
        twoDatabases.withPropertyValues(
            "sluice.writer.shards.1=first",
            "sluice.writer.shards.2=main",
            "sluice.writer.shards.3=third"),
        "sluice.writer.shards.1 is 'first', which is not a DataSource bean;"
            + " sluice.writer.shards.3 is 'third', which is not a DataSource bean:"
            + " the DataSource beans are [main, second]; correct the name or add the bean");
  }

  @Test
  void aMisspelledSettingIsAnError() {
    failsToStart(
        oneDatabase.withPropertyValues("sluice.writer.max-event-byte=1"),
        "sluice.writer.max-event-byte");
  }

  @Test
  void aValueOutOfItsRangeIsAnError() {
    failsToStart(
        oneDatabase.withPropertyValues("sluice.writer.max-event-bytes=0"),
        "sluice.writer.max-event-bytes is 0: it must be 1 or more");
  }

  @Test
  void everySettingHasMetadata() throws IOException {
    Map<String, String> defaults = new HashMap<>();
    // The tests' own settings have such a file too.
    for (URL file :
        Collections.list(
            SpringOutbox.class
                .getClassLoader()
                .getResources("META-INF/spring-configuration-metadata.json"))) {
      try (InputStream content = file.openStream()) {
        for (JsonNode property : new ObjectMapper().readTree(content).get("properties")) {
          if (property.get("name").asText().startsWith("sluice.")) {
            assertTrue(property.path("description").asText().endsWith("."), property::toString);
            defaults.put(property.get("name").asText(), property.path("defaultValue").asText());
          }
        }
      }
    }

    assertEquals(
        Map.of(
            "sluice.writer.max-event-bytes",
            Integer.toString(OutboxWriterBuilder.DEFAULT_MAX_EVENT_BYTES),
            "sluice.writer.shards",
            ""),
        defaults);
    assertEquals(2, SluiceWriterProperties.class.getRecordComponents().length);
  }
}
