package io.sluice.relay.config;

import static io.sluice.relay.config.Values.choice;
import static io.sluice.relay.config.Values.form;
import static io.sluice.relay.config.Values.integer;
import static io.sluice.relay.config.Values.number;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxTable;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads the {@code shards} list. */
final class ShardReader {

  private static final ShardId UNNAMED = ShardId.of("unnamed");
  private static final String NO_DATABASE = "none";
  private static final int MYSQL_PORT = 3306;

  /** What MySQL allows without quotes, restricted to ASCII, and hyphens. */
  private static final Function<String, String> DATABASE =
      form(Pattern.compile("[A-Za-z0-9_$-]{1,64}"));

  /** Names of tables and columns that need no quoting. */
  private static final Function<String, String> NAME = form(Pattern.compile("[A-Za-z0-9_$]{1,64}"));

  /** What must be unique, and the setting that has it. */
  private final Map<String, String> seen = new HashMap<>();

  private ShardReader() {}

  static List<ShardSource> read(Section root) {
    if (!root.has("shards")) {
      root.problem("shards", "is missing: name at least one shard");
    }
    return root.sections("shards", new ShardReader()::shard);
  }

  private ShardSource shard(Section section) {
    ShardId id = section.required("id", UNNAMED, ShardId::of);
    ShardServer server =
        new ShardServer(
            section.text("host"),
            section.value("port", MYSQL_PORT, integer(1, 65_535)),
            new Login(section.text("username"), new Secret(section.text("password"))),
            section.required("server-id", 0L, number(1, 0xFFFF_FFFFL)),
            section.value("tls", TlsMode.VERIFY_IDENTITY, choice(TlsMode.class)));
    boolean isFirst = isFirst(section, "id", "source " + id);
    isFirst(section, "server-id", "%d on %s".formatted(server.serverId(), server.address()));
    List<ShardTable> tables = tables(section, id);
    for (ShardTable table : tables) {
      if (isFirst || !table.shard().equals(id)) {
        isFirst(section, "id", "shard " + table.shard());
      }
      // Without case, because with lower_case_table_names the names mean the same database.
      isFirst(
          section, "database", server.address() + "/" + table.database().toLowerCase(Locale.ROOT));
    }
    return new ShardSource(id, server, tables);
  }

  /** Whether no other setting has this value; if another has, that is a problem. */
  private boolean isFirst(Section section, String setting, String value) {
    String first = seen.putIfAbsent(value, section.name(setting));
    if (first != null) {
      section.problem(
          setting, "%s is the same as %s: each shard needs its own".formatted(value, first));
    }
    return first == null;
  }

  /** One database, which is the shard, or several, each with the name of its shard. */
  private static List<ShardTable> tables(Section section, ShardId id) {
    if (section.has("database") == section.has("databases")) {
      section.problem(
          "database",
          "set either this, or 'databases' with several shards of the server and their databases");
    }
    TableLayout layout = section.section("table", ShardReader::layout);
    ShardTable single =
        new ShardTable(id, section.value("database", NO_DATABASE, DATABASE), layout);
    List<ShardTable> several = section.section("databases", databases -> tables(databases, layout));
    if (section.has("databases") && several.isEmpty()) {
      section.problem("databases", "is empty: name at least one");
    }
    return several.isEmpty() ? List.of(single) : several;
  }

  private static List<ShardTable> tables(Section databases, TableLayout layout) {
    List<ShardTable> tables = new ArrayList<>();
    for (String name : databases.names()) {
      String database = databases.value(name, NO_DATABASE, DATABASE);
      databases
          .parse(name, name, ShardId::of)
          .ifPresent(shard -> tables.add(new ShardTable(shard, database, layout)));
    }
    return tables;
  }

  private static TableLayout layout(Section section) {
    String name = section.value("name", OutboxTable.NAME, NAME);
    Optional<EventDomain> domain = section.optional("domain", EventDomain::of);
    Map<String, String> columns = section.section("columns", ShardReader::columns);
    try {
      return columns.isEmpty()
          ? TableLayout.shipped(name, domain)
          : new TableLayout(name, columns, domain);
    } catch (IllegalArgumentException e) {
      section.problem("columns", String.valueOf(e.getMessage()));
      return TableLayout.STANDARD;
    }
  }

  private static Map<String, String> columns(Section section) {
    Map<String, String> columns = new LinkedHashMap<>();
    for (String column : section.names()) {
      columns.put(column, section.value(column, column, NAME));
    }
    return columns;
  }
}
