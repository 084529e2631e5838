package io.sluice.handlers.internal.status;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HexFormat;

/** Writes ids into the text of statements. */
final class IdLiterals {

  private IdLiterals() {}

  /** Appends ids, separated by commas. */
  static void append(StringBuilder sql, Collection<String> ids) {
    String separator = "";
    for (String id : ids) {
      sql.append(separator);
      append(sql, id);
      separator = ",";
    }
  }

  private static void append(StringBuilder sql, String id) {
    if (needsNoEscape(id)) {
      sql.append('\'').append(id).append('\'');
    } else {
      // Which characters must be escaped, and how, depends on the session's sql_mode.
      byte[] bytes = id.getBytes(StandardCharsets.US_ASCII);
      sql.append("_ascii X'").append(HexFormat.of().formatHex(bytes)).append('\'');
    }
  }

  private static boolean needsNoEscape(String id) {
    for (int i = 0; i < id.length(); i++) {
      if (!needsNoEscape(id.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean needsNoEscape(char character) {
    return (character >= '0' && character <= '9')
        || (character >= 'a' && character <= 'z')
        || (character >= 'A' && character <= 'Z')
        || character == '-'
        || character == '_';
  }
}
