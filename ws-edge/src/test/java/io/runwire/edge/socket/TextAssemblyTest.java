package io.runwire.edge.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TextAssemblyTest {
  private final TextAssembly assembly = new TextAssembly(10);

  @Test
  void putsFragmentsTogether() throws Exception {
    assertThat(assembly.add(bytes("ab"), false)).isEmpty();
    assertThat(assembly.add(bytes(""), false)).isEmpty();
    assertThat(assembly.add(bytes("cd"), true)).contains("abcd");
    assertThat(assembly.add(bytes("next"), true)).contains("next");
  }

  @Test
  void takesAMessageOfExactlyTheLimit() throws Exception {
    assertThat(assembly.add(bytes("0123456789"), true)).contains("0123456789");
  }

  @Test
  void refusesOneByteMoreWhereverItComes() {
    assertThatThrownBy(() -> assembly.add(bytes("0123456789a"), true))
        .isInstanceOf(TextAssembly.TooBigException.class);
    assertThatThrownBy(
            () -> {
              assembly.add(bytes("01234567"), false);
              assembly.add(bytes("89a"), true);
            })
        .isInstanceOf(TextAssembly.TooBigException.class);
  }

  @Test
  void refusesWhatIsNotUtf8() {
    assertThatThrownBy(() -> assembly.add(ByteBuffer.wrap(new byte[] {'a', (byte) 0xc3}), true))
        .isInstanceOf(CharacterCodingException.class);
  }

  @Test
  void aCharacterMayBeSplitAnywhere() throws Exception {
    byte[] text = "a\u00f6\u20ac\ud83d\ude00".getBytes(StandardCharsets.UTF_8);
    for (int cut = 0; cut <= text.length; cut++) {
      assertThat(assembly.add(ByteBuffer.wrap(text, 0, cut), false)).isEmpty();
      assertThat(assembly.add(ByteBuffer.wrap(text, cut, text.length - cut), true))
          .contains("a\u00f6\u20ac\ud83d\ude00");
    }
  }

  @Test
  void refusesTheFirstWrongByteBeforeTheMessageEnds() throws Exception {
    assembly.add(ByteBuffer.wrap(new byte[] {'a', (byte) 0xf4}), false);

    // Above U+10FFFF, whatever the two bytes that are missing.
    assertThatThrownBy(() -> assembly.add(ByteBuffer.wrap(new byte[] {(byte) 0x90}), false))
        .isInstanceOf(CharacterCodingException.class);
  }

  @Test
  void refusesHalfASurrogatePairBeforeItsThirdByte() {
    assertThatThrownBy(
            () -> assembly.add(ByteBuffer.wrap(new byte[] {(byte) 0xed, (byte) 0xa0}), false))
        .isInstanceOf(CharacterCodingException.class);
  }

  @Test
  void takesTheLastCharactersBelowTheSurrogates() throws Exception {
    assertThat(assembly.add(ByteBuffer.wrap(new byte[] {(byte) 0xed, (byte) 0x9f}), false))
        .isEmpty();
    assertThat(assembly.add(ByteBuffer.wrap(new byte[] {(byte) 0xbf}), true)).contains("\ud7ff");
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
