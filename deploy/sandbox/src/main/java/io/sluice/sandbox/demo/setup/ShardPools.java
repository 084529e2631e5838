package io.sluice.sandbox.demo.setup;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.sandbox.server.api.Login;
import java.util.Map;
import java.util.TreeMap;

/** A connection pool for each shard. The caller closes it. */
public final class ShardPools implements AutoCloseable {

  private final Map<ShardId, HikariDataSource> pools;

  private ShardPools(Map<ShardId, HikariDataSource> pools) {
    this.pools = pools;
  }

  /** Opens the pools, each with at most this many connections. */
  public static ShardPools open(SandboxSettings settings, int connections) {
    Map<ShardId, HikariDataSource> pools = new TreeMap<>();
    settings.jdbcUrls().forEach((shard, url) -> pools.put(shard, pool(settings, url, connections)));
    return new ShardPools(pools);
  }

  private static HikariDataSource pool(SandboxSettings settings, String url, int connections) {
    return pool(url, new Login(settings.user(), settings.password()), connections);
  }

  /** A pool of one database. */
  static HikariDataSource pool(String url, Login login, int connections) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername(login.user());
    config.setPassword(login.password());
    config.setMaximumPoolSize(connections);
    // Open the pool even if the database does not answer. Requests for a connection then fail soon.
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(5_000);
    config.addDataSourceProperty("connectTimeout", "5000");
    config.addDataSourceProperty("socketTimeout", "60000");
    return new HikariDataSource(config);
  }

  public ShardDataSources dataSources() {
    return ShardDataSources.of(pools);
  }

  @Override
  public void close() {
    pools.values().forEach(HikariDataSource::close);
  }
}
