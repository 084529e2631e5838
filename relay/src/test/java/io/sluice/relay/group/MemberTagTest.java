package io.sluice.relay.group;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemberTagTest {

  private static final MemberTag NAMELESS = new MemberTag(Optional.empty());

  @Test
  void whatIsWrittenIsRead() {
    MemberTag tag = new MemberTag(Optional.of("relay-1"));
    assertEquals(tag, MemberTag.decode(tag.encode()));
    assertEquals(NAMELESS, MemberTag.decode(NAMELESS.encode()));
  }

  @Test
  void whatLaterVersionsAddIsLeftUnread() {
    MemberTag tag = new MemberTag(Optional.of("relay-1"));
    ByteBuffer written = tag.encode();
    ByteBuffer later =
        ByteBuffer.allocate(written.remaining() + 3).put(written).putShort((short) 9).put((byte) 1);
    later.flip().put(0, (byte) 2);
    assertEquals(tag, MemberTag.decode(later));
  }

  @Test
  void whatCannotBeReadIsARelayWithoutAName() {
    assertEquals(NAMELESS, MemberTag.decode(null));
    assertEquals(NAMELESS, MemberTag.decode(ByteBuffer.allocate(2)));
    assertEquals(NAMELESS, MemberTag.decode(ByteBuffer.allocate(20)));
  }
}
