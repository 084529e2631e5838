package io.sluice.relay.mysql;

import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.TransientException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks into a server's binlog without reading its rows. */
public final class BinlogEvents {

  /** The server shows the default database as a statement before the statement. */
  private static final Pattern STATEMENT =
      Pattern.compile("(?:use `((?:[^`]|``)*+)`; )?(.*)", Pattern.DOTALL);

  private static final int PAGE_EVENTS = 10_000;

  /** The position of the first event of a file, after its magic number. */
  private static final long FIRST_EVENT = 4;

  private BinlogEvents() {}

  /**
   * A place between two events.
   *
   * @param file binlog file
   * @param position end of the previous event in that file
   */
  public record Place(String file, long position) implements Comparable<Place> {

    private static final Comparator<Place> ORDER =
        Comparator.comparing((Place place) -> place.file().length()) // .999999 before .1000000
            .thenComparing(Place::file)
            .thenComparing(Place::position);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * Where a search has ended.
   *
   * @param end the end of the statement, or of the binlog
   * @param statement the statement; empty if there is none
   */
  public record Search(Place end, Optional<String> statement) {}

  /**
   * Finds the first statement from a place up to the present end. Needs only the privileges of a
   * replica.
   *
   * @param wanted tests the default database and the statement
   * @throws TransientException if the server does not have the file
   */
  public static Search firstStatement(
      ShardSource source, Place from, BiPredicate<String, String> wanted) {
    try (Connection connection = source.tables().get(0).connect(source.server())) {
      Search search = new Search(from, Optional.empty());
      for (String file : filesFrom(connection, from.file())) {
        Place begin = file.equals(from.file()) ? from : new Place(file, FIRST_EVENT);
        search = firstStatement(connection, begin, wanted);
        if (search.statement().isPresent()) {
          break;
        }
      }
      return search;
    } catch (SQLException e) {
      throw ServerFailures.classify(source, e);
    }
  }

  private static List<String> filesFrom(Connection connection, String file) throws SQLException {
    List<String> files = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW BINARY LOGS")) {
      while (rows.next()) {
        if (!files.isEmpty() || rows.getString(1).equals(file)) {
          files.add(rows.getString(1));
        }
      }
    }
    if (files.isEmpty()) {
      throw new TransientException(
          "the server does not have the binlog file %s, from which statements are looked for"
              .formatted(file),
          null);
    }
    return files;
  }

  private static Search firstStatement(
      Connection connection, Place begin, BiPredicate<String, String> wanted) throws SQLException {
    long from = begin.position();
    int read;
    try (Statement statement = connection.createStatement()) {
      do {
        read = 0;
        String query =
            "SHOW BINLOG EVENTS IN '%s' FROM %d LIMIT %d"
                .formatted(begin.file(), from, PAGE_EVENTS);
        try (ResultSet events = statement.executeQuery(query)) {
          while (events.next()) {
            read++;
            from = events.getLong("End_log_pos");
            if (events.getString("Event_type").equals("Query")) {
              Optional<String> found = wanted(events.getString("Info"), wanted);
              if (found.isPresent()) {
                return new Search(new Place(begin.file(), from), found);
              }
            }
          }
        }
      } while (read == PAGE_EVENTS);
    }
    return new Search(new Place(begin.file(), from), Optional.empty());
  }

  private static Optional<String> wanted(String shown, BiPredicate<String, String> wanted) {
    Matcher parts = STATEMENT.matcher(shown);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String database = parts.group(1) == null ? "" : parts.group(1).replace("``", "`");
    return Optional.of(parts.group(2)).filter(statement -> wanted.test(database, statement));
  }
}
