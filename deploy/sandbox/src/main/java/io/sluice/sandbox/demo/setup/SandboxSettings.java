package io.sluice.sandbox.demo.setup;

import io.sluice.outbox.ShardId;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The settings of one process of the demo: the brokers, and the databases with the process's
 * account.
 *
 * @param bootstrapServers the addresses of the brokers
 * @param user the MySQL account of the process
 * @param password the password of the account
 * @param jdbcUrls each shard's database
 */
public record SandboxSettings(
    String bootstrapServers, String user, String password, Map<ShardId, String> jdbcUrls) {

  private static final String KAFKA = "kafka";
  private static final String USER = "user";
  private static final String PASSWORD = "password";
  private static final String SHARD = "shard.";

  public SandboxSettings {
    jdbcUrls = new TreeMap<>(jdbcUrls);
  }

  /** Writes a file for {@link #read}. */
  public void write(Path file) {
    Properties properties = new Properties();
    properties.setProperty(KAFKA, bootstrapServers);
    properties.setProperty(USER, user);
    properties.setProperty(PASSWORD, password);
    jdbcUrls.forEach((shard, url) -> properties.setProperty(SHARD + shard, url));
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  public static SandboxSettings read(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
    Map<ShardId, String> urls = new TreeMap<>();
    for (String name : properties.stringPropertyNames()) {
      if (name.startsWith(SHARD)) {
        urls.put(ShardId.of(name.substring(SHARD.length())), properties.getProperty(name));
      }
    }
    return new SandboxSettings(
        properties.getProperty(KAFKA),
        properties.getProperty(USER),
        properties.getProperty(PASSWORD),
        urls);
  }

  /** Omits the password. */
  @Override
  public String toString() {
    return "%s at %s, %s".formatted(user, jdbcUrls, bootstrapServers);
  }
}
