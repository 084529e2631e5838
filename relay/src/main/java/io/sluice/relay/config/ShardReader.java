package io.sluice.relay.config;

import io.sluice.outbox.ShardId;
import io.sluice.relay.shard.Secret;
import io.sluice.relay.shard.ShardServer;
import io.sluice.relay.shard.ShardServer.Login;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.shard.TableLayout;
import io.sluice.relay.shard.TlsMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads the {@code shards} list. */
final class ShardReader {

  private static final ShardId UNNAMED = ShardId.of("unnamed");
  private static final String NO_DATABASE = "none";
  private static final int MYSQL_PORT = 3306;
  private static final long MAX_SERVER_ID = 0xFFFF_FFFFL;

  /** What MySQL allows without quotes, restricted to ASCII. */
  private static final Pattern DATABASE = Pattern.compile("[A-Za-z0-9_$-]{1,64}");

  private final Map<String, String> ids = new HashMap<>();
  private final Map<String, String> servers = new HashMap<>();
  private final Map<String, String> databases = new HashMap<>();

  private ShardReader() {}

  static List<ShardSource> read(Section root) {
    ShardReader reader = new ShardReader();
    List<ShardSource> shards = new ArrayList<>();
    for (Section section : root.sections("shards")) {
      ShardSource shard = shard(section);
      shards.add(shard);
      reader.refuseTwice(section, shard);
    }
    if (!root.has("shards")) {
      root.problem("shards", "is missing: name at least one shard");
    }
    return shards;
  }

  private static ShardSource shard(Section section) {
    ShardSource shard =
        new ShardSource(
            section.value("id", UNNAMED, ShardId::of), server(section), tables(section));
    requireSet(section, "id");
    requireSet(section, "server-id");
    section.end();
    return shard;
  }

  private static ShardServer server(Section section) {
    return new ShardServer(
        section.text("host"),
        (int) section.number("port", MYSQL_PORT, 1, 65_535),
        new Login(section.text("username"), new Secret(section.text("password"))),
        section.number("server-id", 0, 1, MAX_SERVER_ID),
        section.choice("tls", TlsMode.VERIFY_IDENTITY, TlsMode.class));
  }

  /** One database, which is the shard, or several, each with the name of its shard. */
  private static List<ShardTable> tables(Section section) {
    TableLayout layout = LayoutReader.read(section);
    if (section.has("database") == section.has("databases")) {
      section.problem(
          "database",
          "set either this, or 'databases' with several shards of the server and their databases");
    }
    List<ShardTable> tables = new ArrayList<>();
    if (section.has("databases")) {
      Section databases = section.section("databases");
      for (String id : databases.names()) {
        tables.add(new ShardTable(shardId(databases, id), database(databases, id), layout));
      }
      databases.end();
    }
    if (tables.isEmpty()) {
      tables.add(
          new ShardTable(
              section.value("id", UNNAMED, ShardId::of), database(section, "database"), layout));
    }
    return tables;
  }

  private static ShardId shardId(Section databases, String id) {
    try {
      return ShardId.of(id);
    } catch (IllegalArgumentException e) {
      databases.problem(id, String.valueOf(e.getMessage()));
      return UNNAMED;
    }
  }

  private static String database(Section section, String setting) {
    return section.value(setting, NO_DATABASE, ShardReader::database);
  }

  private static void requireSet(Section section, String setting) {
    if (!section.has(setting)) {
      section.problem(setting, "is missing: set it");
    }
  }

  private static String database(String name) {
    if (!DATABASE.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'%s' must be a database name of the form %s".formatted(name, DATABASE));
    }
    return name;
  }

  private void refuseTwice(Section section, ShardSource source) {
    ShardServer server = source.server();
    refuseTwice(section, "id", "source " + source.id().value(), ids);
    String replica = "%d on %s".formatted(server.serverId(), server.address());
    refuseTwice(section, "server-id", replica, servers);
    for (ShardTable table : source.tables()) {
      refuseTwice(section, "id", "shard " + table.shard().value(), ids);
      refuseTwice(section, "database", server.address() + "/" + table.database(), databases);
    }
  }

  private static void refuseTwice(
      Section section, String setting, String value, Map<String, String> seen) {
    String first = seen.putIfAbsent(value, section.name(setting));
    if (first != null) {
      section.problem(
          setting, "%s is the same as %s: each shard needs its own".formatted(value, first));
    }
  }
}
