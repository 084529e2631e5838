package io.sluice.relay.schema;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The tokens of a statement without its comments, read from left to right. Used by one thread. */
final class SqlTokens {

  /**
   * One token.
   *
   * @param text a word, the name inside of quotes, or a symbol
   * @param isKeyword whether it may be a keyword, because it is not quoted
   */
  record Token(String text, boolean isKeyword) {

    boolean is(String keyword) {
      return isKeyword && text.equalsIgnoreCase(keyword);
    }
  }

  private static final int HEAD = 10_000;

  private static final Pattern LINE_COMMENT = Pattern.compile("--(?:\\s|$)");

  private final List<Token> tokens;
  private int next;

  private SqlTokens(List<Token> tokens) {
    this.tokens = tokens;
  }

  /**
   * Reads a statement as most servers do: a backslash escapes, and the contents of a version
   * comment are executed.
   */
  static SqlTokens of(String statement) {
    return of(statement, Set.of());
  }

  /** Reads the first words of a statement, of which the rest may be megabytes of values. */
  static SqlTokens begin(String statement) {
    return of(statement.substring(0, Math.min(HEAD, statement.length())));
  }

  /**
   * Reads a statement in each way in which a server may read it. Its sql_mode decides about
   * backslashes, and its version about version comments.
   */
  static List<SqlTokens> readings(String statement) {
    Set<Rule> rules = EnumSet.noneOf(Rule.class);
    if (statement.indexOf('\\') >= 0) {
      rules.add(Rule.NO_BACKSLASH_ESCAPES);
    }
    if (statement.contains("/*!")) {
      rules.add(Rule.OLDER_SERVER);
    }
    List<SqlTokens> readings = new ArrayList<>(List.of(of(statement)));
    rules.forEach(rule -> readings.add(of(statement, Set.of(rule))));
    return readings;
  }

  private enum Rule {
    NO_BACKSLASH_ESCAPES,
    OLDER_SERVER
  }

  private static SqlTokens of(String statement, Set<Rule> rules) {
    List<Token> tokens = new ArrayList<>();
    int at = 0;
    while (at < statement.length()) {
      char first = statement.charAt(at);
      int comment = endOfComment(statement, at, rules);
      int end;
      if (comment > at) {
        end = comment;
      } else if (first == '`' || first == '"' || first == '\'') {
        end = endOfQuoted(statement, at, rules);
        tokens.add(new Token(first == '\'' ? "" : unquoted(statement.substring(at, end)), false));
      } else {
        end = endOfWord(statement, at);
        tokens.add(new Token(statement.substring(at, end), true));
      }
      at = end;
    }
    return new SqlTokens(tokens);
  }

  /** The end of the space or comment at a place; the place itself if there is none. */
  private static int endOfComment(String sql, int at, Set<Rule> rules) {
    if (Character.isWhitespace(sql.charAt(at))) {
      return at + 1;
    }
    if (sql.startsWith("/*!", at) && !rules.contains(Rule.OLDER_SERVER)) {
      int end = at + 3;
      while (end < sql.length() && Character.isDigit(sql.charAt(end))) {
        end++;
      }
      return end;
    }
    if (sql.startsWith("*/", at)) {
      return at + 2;
    }
    if (sql.startsWith("/*", at)) {
      return endAfter(sql, "*/", at + 2);
    }
    boolean isLine =
        sql.charAt(at) == '#' || LINE_COMMENT.matcher(sql).region(at, sql.length()).lookingAt();
    return isLine ? endAfter(sql, "\n", at) : at;
  }

  private static int endAfter(String sql, String mark, int from) {
    int found = sql.indexOf(mark, from);
    return found < 0 ? sql.length() : found + mark.length();
  }

  private static int endOfQuoted(String sql, int at, Set<Rule> rules) {
    char quote = sql.charAt(at);
    for (int end = at + 1; end < sql.length(); end++) {
      char c = sql.charAt(end);
      if (c == '\\' && quote != '`' && !rules.contains(Rule.NO_BACKSLASH_ESCAPES)) {
        end++;
      } else if (c == quote) {
        if (end + 1 == sql.length() || sql.charAt(end + 1) != quote) {
          return end + 1;
        }
        end++;
      }
    }
    return sql.length();
  }

  private static String unquoted(String quoted) {
    String quote = quoted.substring(0, 1);
    return quoted.substring(1, Math.max(1, quoted.length() - 1)).replace(quote + quote, quote);
  }

  private static int endOfWord(String sql, int at) {
    int end = at;
    while (end < sql.length() && isOfWord(sql.charAt(end))) {
      end++;
    }
    return Math.max(end, at + 1);
  }

  private static boolean isOfWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c >= '\u0080';
  }

  boolean isAtEnd() {
    return next >= tokens.size();
  }

  /** Reads the next token if it is one of these keywords or symbols. */
  boolean skip(String... keywords) {
    if (peek(keywords)) {
      next++;
      return true;
    }
    return false;
  }

  /** Reads these keywords if they are all next, in this order. */
  boolean skipAll(String... keywords) {
    for (int i = 0; i < keywords.length; i++) {
      if (next + i >= tokens.size() || !tokens.get(next + i).is(keywords[i])) {
        return false;
      }
    }
    next += keywords.length;
    return true;
  }

  /** Whether the next token is one of these keywords or symbols. */
  boolean peek(String... keywords) {
    if (isAtEnd()) {
      return false;
    }
    for (String keyword : keywords) {
      if (tokens.get(next).is(keyword)) {
        return true;
      }
    }
    return false;
  }

  /** Reads the next token; an empty text at the end. */
  String name() {
    return isAtEnd() ? "" : tokens.get(next++).text();
  }

  /** Reads a table's name, which a database may precede. */
  TableName tableName(String database) {
    String first = name();
    return skip(".") ? new TableName(first, name()) : new TableName(database, first);
  }

  /** The text that follows a keyword outside of parentheses. Reads nothing. */
  Optional<String> after(String keyword) {
    int depth = 0;
    for (int i = next; i + 1 < tokens.size(); i++) {
      depth += depth(tokens.get(i));
      if (depth == 0 && tokens.get(i).is(keyword)) {
        return Optional.of(tokens.get(i + 1).text());
      }
    }
    return Optional.empty();
  }

  /** Whether the keyword follows outside of parentheses. Reads nothing. */
  boolean contains(String keyword) {
    int depth = 0;
    for (int i = next; i < tokens.size(); i++) {
      depth += depth(tokens.get(i));
      if (depth == 0 && tokens.get(i).is(keyword)) {
        return true;
      }
    }
    return false;
  }

  /** Reads what is in parentheses; the opening one was read. Its parts are separated by commas. */
  List<SqlTokens> parts() {
    List<SqlTokens> parts = new ArrayList<>();
    List<Token> part = new ArrayList<>();
    int depth = 0;
    while (!isAtEnd() && !(depth == 0 && peek(")"))) {
      Token token = tokens.get(next++);
      depth += depth(token);
      if (depth == 0 && token.is(",")) {
        parts.add(new SqlTokens(part));
        part = new ArrayList<>();
      } else {
        part.add(token);
      }
    }
    next++;
    parts.add(new SqlTokens(part));
    return parts;
  }

  private static int depth(Token token) {
    return token.is("(") ? 1 : token.is(")") ? -1 : 0;
  }

  /** The name of a table as a statement has it. */
  record TableName(String database, String table) {}
}
