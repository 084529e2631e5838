package io.sluice.examples.spring;

import io.sluice.handlers.HandlerRuntime;
import io.sluice.handlers.HandlerRuntimeBuilder;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.writer.OutboxWriter;
import io.sluice.writer.spring.SpringOutbox;
import jakarta.persistence.EntityManagerFactory;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/** What Spring Boot would configure, around the page's handlers. */
@Configuration(proxyBeanMethods = false)
@EnableTransactionManagement
@Import(HandlersConfiguration.class)
class Application {

  static final ShardId SHARD = ShardId.of("shard-1");

  private final Sandbox sandbox;

  Application(Sandbox sandbox) {
    this.sandbox = sandbox;
  }

  @Bean
  LocalContainerEntityManagerFactoryBean entityManagerFactory(DataSource database) {
    LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
    factory.setDataSource(database);
    factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
    factory.setPackagesToScan(Message.class.getPackageName());
    return factory;
  }

  @Bean
  JpaTransactionManager transactionManager(EntityManagerFactory factory) {
    return new JpaTransactionManager(factory);
  }

  @Bean
  FillBooking fillBooking() {
    return new FillBooking(new OutboxWriter());
  }

  @Bean
  Inbox inbox(EntityManagerFactory factory, DataSource database) {
    return new Inbox(
        SharedEntityManagerCreator.createSharedEntityManager(factory),
        SpringOutbox.of(database, new OutboxWriter()));
  }

  @Bean
  HandlerRuntimeBuilder deployment(DataSource database) {
    return HandlerRuntime.builder()
        .kafka(Map.of("bootstrap.servers", sandbox.kafka().bootstrapServers()))
        .shards(ShardDataSources.of(Map.of(SHARD, database)))
        .topics(SpringHandlersIT.topics(sandbox))
        .groupPrefix(sandbox.topicPrefix())
        .retry(RetryPolicy.exponential(Duration.ofMillis(20), Duration.ofMillis(50)));
  }
}
