package io.sluice.handlers.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.OutboxTable;
import org.junit.jupiter.api.Test;

class LastErrorTest {

  @Test
  void isClassAndMessage() {
    assertEquals(
        "java.lang.IllegalStateException: no such order",
        LastError.of(new IllegalStateException("no such order")));
  }

  @Test
  void isTheClassAloneWhereThereIsNoMessage() {
    assertEquals("java.lang.IllegalStateException", LastError.of(new IllegalStateException()));
  }

  @Test
  void isCutBetweenCharacters() {
    String text = LastError.of(new IllegalStateException("🙂".repeat(2000)));

    assertEquals(OutboxTable.LAST_ERROR_LENGTH, text.codePointCount(0, text.length()));
    assertTrue(text.endsWith("🙂"));
  }

  @Test
  void isLeftWholeWhereItJustFits() {
    String prefix = "java.lang.IllegalStateException: ";
    String message = "🙂".repeat(OutboxTable.LAST_ERROR_LENGTH - prefix.length());

    assertEquals(prefix + message, LastError.of(new IllegalStateException(message)));
  }

  @Test
  void survivesAMessageThatCannotBeHad() {
    assertTrue(LastError.of(new Unspeakable()).contains("java.lang.UnsupportedOperationException"));
  }

  private static final class Unspeakable extends RuntimeException {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new UnsupportedOperationException();
    }
  }
}
