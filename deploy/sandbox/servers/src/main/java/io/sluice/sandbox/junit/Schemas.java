package io.sluice.sandbox.junit;

import io.sluice.sandbox.server.MySqlServer;
import io.sluice.sandbox.server.api.CleanUpException;
import io.sluice.sandbox.server.api.Login;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The databases and accounts of a test class. Thread-safe by its monitor. */
final class Schemas {
  /** Limits the seconds that a DROP waits for a transaction that still uses the table. */
  private static final String BOUND_LOCKS = "SET SESSION lock_wait_timeout = 20";

  private static final String CREATE_DATABASE = "CREATE DATABASE `%s` CHARACTER SET utf8mb4";
  private static final String CREATE_USER = "CREATE USER '%s'@'%%' IDENTIFIED BY '%s'";
  private static final String GRANT = "GRANT %s TO '%s'@'%%'";
  private static final String OWN_DATABASE = "ALL ON `%s`.*";
  private static final String DROP_DATABASE = "DROP DATABASE IF EXISTS `%s`";
  private static final String DROP_USER = "DROP USER IF EXISTS '%s'@'%%'";

  private final MySqlServer mysql;
  private final Names names;
  private final Map<String, Database> databases = new LinkedHashMap<>();
  private final List<Account> accounts = new ArrayList<>();

  Schemas(MySqlServer mysql, Names names) {
    this.mysql = mysql;
    this.names = names;
  }

  synchronized Database database(String purpose) {
    return databases.computeIfAbsent(names.database(purpose), this::createDatabase);
  }

  synchronized Account account(String purpose, List<String> grants) {
    Login login = new Login(names.user(accounts.size() + 1, purpose), UUID.randomUUID().toString());
    Account account = new Account(mysql.address(), login);
    List<String> statements = new ArrayList<>();
    statements.add(CREATE_USER.formatted(login.user(), login.password()));
    grants.forEach(grant -> statements.add(GRANT.formatted(grant, login.user())));
    accounts.add(account);
    run(statements);
    return account;
  }

  synchronized List<String> leakedConnections(Duration bound) {
    List<String> users = accounts.stream().map(Account::user).toList();
    return new ConnectionWatch(mysql, users, List.copyOf(databases.keySet())).leaks(bound);
  }

  synchronized void drop() {
    List<String> statements = new ArrayList<>();
    databases.keySet().forEach(name -> statements.add(DROP_DATABASE.formatted(name)));
    accounts.forEach(account -> statements.add(DROP_USER.formatted(account.user())));
    if (!statements.isEmpty()) {
      run(statements);
    }
  }

  private Database createDatabase(String name) {
    run(List.of(CREATE_DATABASE.formatted(name)));
    // In a grant an underscore stands for any character unless escaped.
    String escaped = name.replace("_", "\\_");
    return new Database(name, account("owner", List.of(OWN_DATABASE.formatted(escaped))));
  }

  private void run(List<String> statements) {
    String running = BOUND_LOCKS;
    try (Connection connection = mysql.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(running);
      for (String next : statements) {
        running = next;
        statement.execute(running);
      }
    } catch (SQLException e) {
      throw new CleanUpException("MySQL refused " + masked(running) + ": " + e.getMessage(), e);
    }
  }

  private static String masked(String statement) {
    return statement.replaceFirst("IDENTIFIED BY '[^']*'", "IDENTIFIED BY ***");
  }
}
