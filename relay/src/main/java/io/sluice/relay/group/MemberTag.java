package io.sluice.relay.group;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a relay tells of itself when it joins. One byte version, two bytes length of the instance
 * name, the name. Later versions may only add to the end: relays of several versions share a group
 * while they are upgraded.
 */
record MemberTag(Optional<String> instance) {

  private static final byte VERSION = 1;
  private static final int HEAD = Byte.BYTES + Short.BYTES;

  ByteBuffer encode() {
    byte[] name = instance.orElse("").getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer = ByteBuffer.allocate(HEAD + name.length);
    return buffer.put(VERSION).putShort((short) name.length).put(name).flip();
  }

  /** Never fails: whatever cannot be read is a relay without a name. */
  static MemberTag decode(@Nullable ByteBuffer data) {
    if (data == null || data.remaining() < HEAD || data.get(data.position()) < VERSION) {
      return new MemberTag(Optional.empty());
    }
    ByteBuffer buffer = data.duplicate();
    buffer.get();
    int length = Math.min(Short.toUnsignedInt(buffer.getShort()), buffer.remaining());
    byte[] name = new byte[length];
    buffer.get(name);
    String text = new String(name, StandardCharsets.UTF_8);
    return new MemberTag(Optional.of(text).filter(found -> !found.isEmpty()));
  }
}
