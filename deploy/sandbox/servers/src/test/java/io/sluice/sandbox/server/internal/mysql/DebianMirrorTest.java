package io.sluice.sandbox.server.internal.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class DebianMirrorTest {
  @Test
  void isKnownByItsOriginOnceListsWereUpdated() {
    assertEquals(
        Optional.of(new DebianMirror("http://mirror.example/debian/")),
        DebianMirror.in(
            """
            Debian|Debian-Security|trixie-security|http://mirror.example/debian-security/
            Example|Tools|trixie|http://tools.example/
            Debian|Debian|trixie|http://mirror.example/debian/
            """,
            Optional.empty()));
  }

  @Test
  void isKnownByItsReleaseBefore() {
    assertEquals(
        Optional.of(new DebianMirror("http://mirror.example/debian/")),
        DebianMirror.in(
            """
            $(ORIGIN)|$(LABEL)|nodistro|http://tools.example/
            $(ORIGIN)|$(LABEL)|trixie-security|http://mirror.example/debian-security/
            $(ORIGIN)|$(LABEL)|trixie|http://mirror.example/debian/
            """,
            Optional.of("trixie")));
  }

  @Test
  void isNotFoundOnASystemThatDescendsFromDebian() {
    assertEquals(
        Optional.empty(),
        DebianMirror.in(
            "Ubuntu|Ubuntu|noble|http://mirror.example/ubuntu/\nnonsense\n", Optional.empty()));
  }
}
