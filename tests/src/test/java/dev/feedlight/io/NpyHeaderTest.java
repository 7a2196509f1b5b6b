package dev.feedlight.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NpyHeaderTest {
  private static final int DATA_BYTES = 24;

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      quoteCharacter = '`',
      value = {
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
        "{\"shape\":(2,3),\"descr\":\"<f4\",\"fortran_order\":False}",
        "{ 'descr':'<f8','shape':(3,),'fortran_order':False }",
        "{'descr': '|u1', 'fortran_order': True, 'shape': (1, 24, 1,)}",
      })
  void whatPythonReadsIsRead(String dictionary) throws IOException {
    assertThat(TensorInfo.bytesOf(read(dictionary).extents(), read(dictionary).type()))
        .isEqualTo(DATA_BYTES);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      quoteCharacter = '`',
      value = {
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 4)} @ 32 bytes are promised",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2)} @ 16 bytes are promised",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (6)} @ number in brackets",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-6,)} @ no number",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (6L,)} @ lacks",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (6,,)} @ no number",
        "{'descr': '<f4', 'fortran_order': False, 'shape': [6]} @ lacks a (",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296, 8)}"
            + " @ more bytes than can be counted",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775808,)} @ more than",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)} @ no number",
        "{'descr': '|f4', 'fortran_order': False, 'shape': (6,)} @ without a byte order",
        "{'descr': '=f4', 'fortran_order': False, 'shape': (6,)} @ without a byte order",
        "{'descr': '', 'fortran_order': False, 'shape': (6,)} @ the type ''",
        "{'descr': '|O', 'fortran_order': False, 'shape': (3,)} @ the type '|O'",
        "{'descr': '<U1', 'fortran_order': False, 'shape': (6,)} @ the type '<U1'",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (6,)} @ lacks a string",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (6,)} @ True or False",
        "{'descr': '<f4', 'shape': (6,)} @ lacks some",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (6,)} @ twice",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (6,), 'x': 'y'} @ unknown key 'x'",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (6,)} 1 @ goes on",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (6,) @ lacks a ,",
        "{'descr': '<f4, 'fortran_order': False, 'shape': (6,)} @ lacks a ",
        "`` @ lacks a {",
      })
  void whatIsNoSoundHeaderIsRefused(String dictionary, String message) {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> read(dictionary))
        .withMessageStartingWith("a.npy: ")
        .withMessageContaining(message);
  }

  @Test
  void moreDimensionsThanNumPyHasAreRefused() {
    String shape = "1, ".repeat(63) + "6";
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(
            () ->
                read("{'descr': '<f4', 'fortran_order': False, 'shape': (1, %s)}".formatted(shape)))
        .withMessageContaining("more than 64 dimensions");
  }

  @Test
  void lengthsAndVersionsAreChecked() throws IOException {
    byte[] sound = NpyHeader.write(new TensorInfo("a", StoredType.U8, List.of()));
    assertThat(sound).hasSize(64 * (sound.length / 64)).endsWith(' ', '\n');
    byte[] file = new byte[sound.length + 1];
    System.arraycopy(sound, 0, file, 0, sound.length);
    assertThat(read(file).bytes()).isEqualTo(sound.length);
    for (int length = 0; length < file.length; length++) {
      byte[] shorter = Arrays.copyOf(file, length);
      assertThatExceptionOfType(FormatException.class).isThrownBy(() -> read(shorter));
    }
    byte[] version = file.clone();
    version[6] = 4;
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> read(version))
        .withMessageContaining("version 4.0");
    byte[] magic = file.clone();
    magic[1] = 'n';
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> read(magic))
        .withMessageContaining("does not begin as a npy file");
    byte[] large = file.clone();
    large[6] = 2;
    large[10] = 2; // of four bytes of length the third: 131072 and more
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> read(large))
        .withMessageContaining("more than the limit of 65536");
  }

  private static NpyHeader read(String dictionary) throws IOException {
    byte[] text = dictionary.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer bytes =
        ByteBuffer.allocate(10 + text.length + DATA_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    bytes.put((byte) 1).put((byte) 0).putShort((short) text.length).put(text);
    return read(bytes.array());
  }

  private static NpyHeader read(byte[] file) throws IOException {
    return NpyHeader.read(
        ByteSource.of(Channels.newChannel(new ByteArrayInputStream(file)), "a.npy"),
        file.length,
        "a.npy");
  }
}
