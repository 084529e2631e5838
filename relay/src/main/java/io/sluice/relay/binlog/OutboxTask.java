package io.sluice.relay.binlog;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import io.debezium.bean.StandardBeanNames;
import io.debezium.bean.spi.BeanRegistry;
import io.debezium.config.CommonConnectorConfig;
import io.debezium.config.Configuration;
import io.debezium.config.Field;
import io.debezium.connector.base.ChangeEventQueue;
import io.debezium.connector.binlog.BinlogEventMetadataProvider;
import io.debezium.connector.binlog.BinlogSourceTask;
import io.debezium.connector.binlog.jdbc.BinlogConnectorConnection;
import io.debezium.connector.common.CdcSourceTaskContext;
import io.debezium.connector.common.DebeziumHeaderProducer;
import io.debezium.connector.mysql.Module;
import io.debezium.connector.mysql.MySqlChangeEventSourceFactory;
import io.debezium.connector.mysql.MySqlChangeEventSourceMetricsFactory;
import io.debezium.connector.mysql.MySqlConnector;
import io.debezium.connector.mysql.MySqlConnectorConfig;
import io.debezium.connector.mysql.MySqlErrorHandler;
import io.debezium.connector.mysql.MySqlOffsetContext;
import io.debezium.connector.mysql.MySqlPartition;
import io.debezium.connector.mysql.MySqlStreamingChangeEventSourceMetrics;
import io.debezium.connector.mysql.MySqlTaskContext;
import io.debezium.connector.mysql.jdbc.MySqlConnection;
import io.debezium.connector.mysql.jdbc.MySqlConnectionConfiguration;
import io.debezium.connector.mysql.jdbc.MySqlFieldReaderResolver;
import io.debezium.heartbeat.Heartbeat.ScheduledHeartbeat;
import io.debezium.jdbc.DefaultMainConnectionProvidingConnectionFactory;
import io.debezium.jdbc.MainConnectionProvidingConnectionFactory;
import io.debezium.pipeline.ChangeEventSourceCoordinator;
import io.debezium.pipeline.DataChangeEvent;
import io.debezium.pipeline.ErrorHandler;
import io.debezium.pipeline.EventDispatcher;
import io.debezium.pipeline.notification.NotificationService;
import io.debezium.pipeline.source.spi.StreamingChangeEventSource;
import io.debezium.pipeline.spi.Offsets;
import io.debezium.relational.TableId;
import io.debezium.relational.history.HistoryRecordComparator;
import io.debezium.schema.SchemaFactory;
import io.debezium.service.Service;
import io.debezium.snapshot.SnapshotterService;
import io.debezium.spi.snapshot.Snapshotter;
import io.debezium.spi.topic.TopicNamingStrategy;
import io.debezium.util.Clock;
import io.sluice.relay.mysql.ServerFailures;
import io.sluice.relay.schema.OutboxSchema;
import io.sluice.relay.schema.TableDefinitions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Debezium's MySQL connector, put together with an {@link OutboxStream} and an {@link
 * OutboxSchema}. The stock task creates its parts itself, so they cannot be replaced in it. This
 * task takes no snapshots and has no signals, which leaves little of the stock one.
 */
public final class OutboxTask extends BinlogSourceTask<MySqlPartition, MySqlOffsetContext> {

  private static final Logger LOG = LoggerFactory.getLogger(OutboxTask.class);

  /** Long, because batches, beats, failures and the stop all end the wait. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Map<String, EngineSource> PREPARED = new ConcurrentHashMap<>();

  private @Nullable MySqlConnectorConfig settings;
  private @Nullable MySqlTaskContext taskContext;
  private volatile @Nullable BinlogConnectorConnection connection;
  private volatile @Nullable OutboxSchema schema;
  private volatile @Nullable ReadAhead ahead;
  private volatile @Nullable ErrorHandler errors;

  /** Called by the engine. */
  public OutboxTask() {}

  /** Prepares a run. The engine creates the task from its class name. */
  static void prepare(String runId, EngineSource source) {
    PREPARED.put(runId, source);
  }

  static void forget(String runId) {
    PREPARED.remove(runId);
  }

  @Override
  public CdcSourceTaskContext<? extends CommonConnectorConfig> preStart(Configuration config) {
    MySqlConnectorConfig stock =
        new MySqlConnectorConfig(config) {
          @Override
          public HistoryRecordComparator getHistoryRecordComparator() {
            return new UnreadEntries(super.getHistoryRecordComparator());
          }
        };
    settings = stock;
    MySqlTaskContext fresh = new MySqlTaskContext(config, stock);
    taskContext = fresh;
    return fresh;
  }

  @Override
  protected ChangeEventSourceCoordinator<MySqlPartition, MySqlOffsetContext> start(
      Configuration config) {
    MainConnectionProvidingConnectionFactory<BinlogConnectorConnection> connections =
        new DefaultMainConnectionProvidingConnectionFactory<>(() -> connect(config));
    BinlogConnectorConnection main = connections.mainConnection();
    connection = main;
    Offsets<MySqlPartition, MySqlOffsetContext> offsets =
        getPreviousOffsets(
            new MySqlPartition.Provider(settings(), config),
            new MySqlOffsetContext.Loader(settings()));
    registerServiceProviders(settings().getServiceRegistry());
    OutboxSchema tables = OutboxSchema.create(settings(), context(), main.isTableIdCaseSensitive());
    schema = tables;
    registerBeans(config, tables, offsets);
    Snapshotter snapshotter = service(SnapshotterService.class).getSnapshotter();
    validateBinlogConfiguration(snapshotter, main);
    validateSchemaHistory(settings(), main::validateLogPosition, offsets, tables, snapshotter);
    EngineSource source = source(config);
    TableDefinitions definitions = new TableDefinitions(source.source(), source.isOwned(), tables);
    try {
      main.setAutoCommit(false);
    } catch (SQLException e) {
      throw ServerFailures.classify(source.source(), e);
    }
    return stream(config, connections, definitions, offsets);
  }

  private ChangeEventSourceCoordinator<MySqlPartition, MySqlOffsetContext> stream(
      Configuration config,
      MainConnectionProvidingConnectionFactory<BinlogConnectorConnection> connections,
      TableDefinitions definitions,
      Offsets<MySqlPartition, MySqlOffsetContext> offsets) {
    EngineSource source = source(config);
    ReadAhead rows = new ReadAhead(source.queueBytes(), source.batchBytes());
    ahead = rows;
    CountDownLatch stop = new CountDownLatch(1);
    ChangeEventQueue<DataChangeEvent> unused = unusedQueue();
    ErrorHandler handler =
        new MySqlErrorHandler(settings(), unused, errors) {
          @Override
          public void setProducerThrowable(Throwable cause) {
            super.setProducerThrowable(cause);
            rows.fail(new ConnectException("the reading of the binlog has failed", cause));
          }
        };
    errors = handler;
    BinlogEventMetadataProvider metadata = new BinlogEventMetadataProvider();
    EventDispatcher<MySqlPartition, TableId> dispatcher = createDispatcher(unused, metadata);
    BinaryLogClient client =
        new BinaryLogClient(
            settings().getHostName(),
            settings().getPort(),
            settings().getUserName(),
            settings().getPassword());
    MySqlStreamingChangeEventSourceMetrics metrics =
        EngineMetrics.create(
            context(), unused, metadata, definitions.schema()::dataCollectionIds, client);
    SnapshotterService snapshots = service(SnapshotterService.class);
    MySqlChangeEventSourceFactory sources =
        new MySqlChangeEventSourceFactory(
            settings(),
            connections,
            handler,
            dispatcher,
            Clock.system(),
            definitions.schema(),
            context(),
            metrics,
            unused,
            snapshots,
            client) {
          @Override
          public StreamingChangeEventSource<MySqlPartition, MySqlOffsetContext>
              getStreamingChangeEventSource() {
            return new OutboxStream(
                settings(),
                connections.mainConnection(),
                dispatcher,
                handler,
                context(),
                metrics,
                snapshots,
                client,
                definitions,
                rows,
                source.heartbeat(),
                stop);
          }
        };
    ChangeEventSourceCoordinator<MySqlPartition, MySqlOffsetContext> coordinator =
        new ChangeEventSourceCoordinator<>(
            offsets,
            handler,
            MySqlConnector.class,
            settings(),
            sources,
            new MySqlChangeEventSourceMetricsFactory(metrics),
            dispatcher,
            definitions.schema(),
            null, // no signals
            new NotificationService<>(
                getNotificationChannels(),
                settings(),
                SchemaFactory.get(),
                dispatcher::enqueueNotification),
            snapshots) {
          @Override
          public synchronized void stop() throws InterruptedException {
            stop.countDown();
            super.stop();
          }
        };
    coordinator.start(context(), unused, metadata);
    return coordinator;
  }

  private MySqlConnection connect(Configuration config) {
    return new MySqlConnection(
        new MySqlConnectionConfiguration(config), MySqlFieldReaderResolver.resolve(settings()));
  }

  private void registerBeans(
      Configuration config,
      OutboxSchema tables,
      Offsets<MySqlPartition, MySqlOffsetContext> offsets) {
    BeanRegistry beans = settings().getBeanRegistry();
    beans.add(StandardBeanNames.CONFIGURATION, config);
    beans.add(StandardBeanNames.CONNECTOR_CONFIG, settings());
    beans.add(StandardBeanNames.DATABASE_SCHEMA, tables);
    beans.add(StandardBeanNames.OFFSETS, offsets);
    beans.add(StandardBeanNames.CDC_SOURCE_TASK_CONTEXT, context());
  }

  /** Parts of the engine need its queue, but {@link ReadAhead} takes its place. */
  private ChangeEventQueue<DataChangeEvent> unusedQueue() {
    return new ChangeEventQueue.Builder<DataChangeEvent>()
        .pollInterval(settings().getPollInterval())
        .maxBatchSize(1)
        .maxQueueSize(1)
        .loggingContextSupplier(() -> context().configureLoggingContext("outbox-task"))
        .build();
  }

  @SuppressWarnings("unchecked")
  private EventDispatcher<MySqlPartition, TableId> createDispatcher(
      ChangeEventQueue<DataChangeEvent> unused, BinlogEventMetadataProvider metadata) {
    TopicNamingStrategy<TableId> topics =
        settings().getTopicNamingStrategy(CommonConnectorConfig.TOPIC_NAMING_STRATEGY);
    return new EventDispatcher<>(
        settings(),
        topics,
        schema(),
        unused,
        settings().getTableFilters().dataCollectionFilter(),
        DataChangeEvent::new,
        null,
        metadata,
        ScheduledHeartbeat.NOOP_HEARTBEAT,
        settings().schemaNameAdjuster(),
        null, // no signals
        service(DebeziumHeaderProducer.class));
  }

  private <T extends Service> T service(Class<T> type) {
    return settings().getServiceRegistry().tryGetService(type);
  }

  private static EngineSource source(Configuration config) {
    @Nullable EngineSource source = PREPARED.get(config.getString(StartingOffset.RUN_ID));
    if (source == null) {
      throw new IllegalStateException("no source was prepared for the engine's run");
    }
    return source;
  }

  private MySqlConnectorConfig settings() {
    return Objects.requireNonNull(settings, "preStart was not called");
  }

  private MySqlTaskContext context() {
    return Objects.requireNonNull(taskContext, "preStart was not called");
  }

  private OutboxSchema schema() {
    return Objects.requireNonNull(schema, "start was not called");
  }

  @Override
  public List<SourceRecord> doPoll() throws InterruptedException {
    return Objects.requireNonNull(ahead, "start was not called")
        .take(PATIENCE)
        .map(BatchRecord::of)
        .stream()
        .toList();
  }

  @Override
  protected Optional<ErrorHandler> getErrorHandler() {
    return Optional.ofNullable(errors);
  }

  @Override
  protected void doStop() {
    @Nullable BinlogConnectorConnection opened = connection;
    if (opened != null) {
      try {
        opened.close();
      } catch (SQLException e) {
        LOG.debug("a connection could not be closed", e);
      }
    }
    @Nullable OutboxSchema tables = schema;
    if (tables != null) {
      tables.close();
    }
    @Nullable ReadAhead rows = ahead;
    if (rows != null) {
      rows.close();
    }
  }

  @Override
  public String version() {
    return Module.version();
  }

  @Override
  protected String connectorName() {
    return Module.name();
  }

  @Override
  protected Iterable<Field> getAllConfigurationFields() {
    return MySqlConnectorConfig.ALL_FIELDS;
  }
}
