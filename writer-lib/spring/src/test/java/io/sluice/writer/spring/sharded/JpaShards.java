package io.sluice.writer.spring.sharded;

import com.zaxxer.hikari.HikariDataSource;
import jakarta.persistence.EntityManagerFactory;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/** Each shard has a data source, entity managers and a transaction manager. */
@Configuration(proxyBeanMethods = false)
@EnableTransactionManagement
class JpaShards {

  @Bean
  @ConfigurationProperties("shards.eu")
  HikariDataSource euDataSource() {
    return new HikariDataSource();
  }

  @Bean
  @ConfigurationProperties("shards.us")
  HikariDataSource usDataSource() {
    return new HikariDataSource();
  }

  @Bean
  LocalContainerEntityManagerFactoryBean euEntities(@Qualifier("euDataSource") DataSource eu) {
    return entities("eu", eu);
  }

  @Bean
  LocalContainerEntityManagerFactoryBean usEntities(@Qualifier("usDataSource") DataSource us) {
    return entities("us", us);
  }

  private static LocalContainerEntityManagerFactoryBean entities(String unit, DataSource shard) {
    LocalContainerEntityManagerFactoryBean entities = new LocalContainerEntityManagerFactoryBean();
    entities.setPersistenceUnitName(unit);
    entities.setDataSource(shard);
    entities.setPackagesToScan(PurchaseOrder.class.getPackageName());
    entities.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
    return entities;
  }

  @Bean
  JpaTransactionManager euTransactions(@Qualifier("euEntities") EntityManagerFactory eu) {
    return new JpaTransactionManager(eu);
  }

  @Bean
  JpaTransactionManager usTransactions(@Qualifier("usEntities") EntityManagerFactory us) {
    return new JpaTransactionManager(us);
  }
}
