package io.sluice.bench.handlers;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.ChildProcess;
import io.sluice.bench.harness.Lap;
import io.sluice.handlers.HandlerRuntime;
import io.sluice.handlers.HandlerRuntimeBuilder;
import io.sluice.handlers.api.EventHandler;
import io.sluice.handlers.api.Unhandled;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.outbox.TopicTemplate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Runs handlers until all events are done. */
final class WorkerMain {

  private static final long LOOK_EVERY_NANOS = 2_000_000;

  private WorkerMain() {}

  /**
   * The settings.
   *
   * @param template the template of the topics' names
   * @param shard the shard of the events
   * @param events how many events there are
   */
  record Settings(
      Worker.Calls calls,
      String bootstrapServers,
      String template,
      String groupPrefix,
      List<String> domains,
      String shard,
      JdbcLogin login,
      long events) {}

  public static void main(String[] arguments) {
    Settings settings = Bench.settings(arguments, Settings.class);
    Lap lap = new Lap(settings.events(), ChildProcess::ownCpuSeconds);
    try (HikariDataSource pool = pool(settings);
        HandlerRuntime runtime = runtime(settings, pool)) {
      runtime.start();
      while (!lap.isDone()) {
        LockSupport.parkNanos(LOOK_EVERY_NANOS);
        lap.at(runtime.statistics().published());
      }
      ChildProcess.report(lap.sample());
    }
  }

  /**
   * As docs/handlers.md recommends for transactional handlers: a connection for each call, and no
   * statements that switch auto-commit.
   */
  private static HikariDataSource pool(Settings settings) {
    HikariConfig config = new HikariConfig();
    config.setAutoCommit(false);
    config.addDataSourceProperty("useLocalSessionState", true);
    config.setJdbcUrl(settings.login().url());
    config.setUsername(settings.login().user());
    config.setPassword(settings.login().password());
    config.setMinimumIdle(1);
    config.setMaximumPoolSize(4 + settings.calls().concurrency() * settings.domains().size());
    return new HikariDataSource(config);
  }

  private static HandlerRuntime runtime(Settings settings, HikariDataSource pool) {
    HandlerRuntimeBuilder builder =
        HandlerRuntime.builder()
            .kafka(Map.of("bootstrap.servers", settings.bootstrapServers()))
            .topics(new TopicTemplate(settings.template()))
            .concurrency(settings.calls().concurrency())
            .buffer(settings.calls().buffer(), HandlerRuntimeBuilder.DEFAULT_BUFFERED_BYTES)
            .unhandled(Unhandled.FAIL);
    if (settings.calls().kind() == Worker.Kind.OBSERVER) {
      builder.observer(settings.groupPrefix());
    } else {
      builder
          .groupPrefix(settings.groupPrefix())
          .shards(ShardDataSources.of(Map.of(ShardId.of(settings.shard()), pool)));
    }
    EventHandler handler = handler(settings.calls().millis());
    for (String name : settings.domains()) {
      EventDomain domain = EventDomain.of(name);
      if (settings.calls().kind() == Worker.Kind.TRANSACTIONAL) {
        builder.transactionalHandler(domain, "*", (event, connection) -> handler.handle(event));
      } else {
        builder.handler(domain, "*", handler);
      }
    }
    return builder.build();
  }

  private static EventHandler handler(int millis) {
    return millis == 0 ? event -> {} : event -> Thread.sleep(millis);
  }
}
