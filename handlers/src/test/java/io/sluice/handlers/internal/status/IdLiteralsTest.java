package io.sluice.handlers.internal.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class IdLiteralsTest {

  private static String text(String... ids) {
    StringBuilder sql = new StringBuilder();
    IdLiterals.append(sql, List.of(ids));
    return sql.toString();
  }

  @Test
  void idsOfLettersDigitsAndDashesAreQuoted() {
    assertEquals(
        "'018f0000-0000-7000-8000-00000000000a','Z_9'",
        text("018f0000-0000-7000-8000-00000000000a", "Z_9"));
  }

  @Test
  void otherIdsAreHexadecimalWhateverTheSessionEscapes() {
    assertEquals("_ascii X'6127'", text("a'"));
    assertEquals("_ascii X'5c','b',_ascii X'7b7d'", text("\\", "b", "{}"));
  }
}
