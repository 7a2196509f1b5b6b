package dev.feedlight.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SafetensorsTest {
  @TempDir private Path folder;

  @Test
  void theBytesAreThoseOfTheFormat() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    SafetensorsWriter writer =
        new SafetensorsWriter(
            Channels.newChannel(bytes),
            List.of(TensorInfo.of("w", DType.F32, new Shape(1, 2))),
            Map.of("k", "v"));
    writer.write("w", new float[] {1, -2}, 0, 2);
    writer.finish();
    String header =
        "{\"__metadata__\":{\"k\":\"v\"},\"w\":{\"dtype\":\"F32\",\"shape\":[1,2],"
            + "\"data_offsets\":[0,8]}}";
    int padded = Math.ceilDiv(header.length(), 8) * 8;
    ByteBuffer expected = ByteBuffer.allocate(8 + padded + 8).order(ByteOrder.LITTLE_ENDIAN);
    expected.putLong(padded);
    expected.put((header + " ".repeat(padded - header.length())).getBytes(StandardCharsets.UTF_8));
    expected.putFloat(1).putFloat(-2);
    assertThat(bytes.toByteArray()).isEqualTo(expected.array());
  }

  @Test
  void whatIsWrittenInPiecesIsReadInOthers() throws IOException {
    List<TensorInfo> tensors =
        List.of(
            TensorInfo.of("w", DType.F32, new Shape(300, 200)),
            TensorInfo.vector("b", DType.S32, 5),
            new TensorInfo("none", StoredType.F32, List.of(0L, 7L)),
            new TensorInfo("one", StoredType.F32, List.of()),
            TensorInfo.vector("s", DType.S8, 3),
            TensorInfo.vector("u", DType.U8, 2));
    float[] w = new float[60_000];
    for (int i = 0; i < w.length; i++) {
      w[i] = i * 0.5f;
    }
    w[0] = Float.intBitsToFloat(0x7FC01234); // a NaN with a payload stays what it is
    Path file = folder.resolve("a.safetensors");
    try (var channel =
        Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      SafetensorsWriter writer = new SafetensorsWriter(channel, tensors, Map.of());
      writer.write("w", w, 0, 1);
      writer.write("w", w, 1, 0);
      writer.write("w", w, 1, 59_999);
      writer.write("b", new int[] {1, 2, 3, Integer.MIN_VALUE, 5}, 0, 5);
      writer.write("one", new float[] {9}, 0, 1);
      writer.write("s", new byte[] {-1, 0, 1}, 0, 3);
      writer.write("u", new byte[] {(byte) 255, 7}, 0, 2);
      writer.finish();
    }
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      assertThat(read.tensors()).isEqualTo(tensors);
      assertThat(read.metadata()).isEmpty();
      assertThat(read.tensor("w").hasShape(new Shape(300, 200))).isTrue();
      float[] back = new float[40_000];
      read.read("w", 0, back);
      assertThat(Float.floatToRawIntBits(back[0])).isEqualTo(0x7FC01234);
      assertThat(back[39_999]).isEqualTo(19_999.5f);
      float[] tail = new float[20_000];
      read.read("w", 40_000, tail);
      assertThat(tail[0]).isEqualTo(20_000f);
      assertThat(tail[19_999]).isEqualTo(29_999.5f);
      int[] b = new int[3];
      read.read("b", 2, b);
      assertThat(b).containsExactly(3, Integer.MIN_VALUE, 5);
      byte[] s = new byte[3];
      read.read("s", 0, s);
      assertThat(s).containsExactly(-1, 0, 1);
      read.read("none", 0, new float[0]);
      assertThatThrownBy(() -> read.read("w", 59_999, new float[2]))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> read.read("w", 0, new int[1]))
          .withMessageContaining("tensor w: elements of type F32 are not read as ints");
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> read.read("x", 0, new float[1]));
    }
  }

  @Test
  void otherFloatsAreConverted() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(8 + 8 + 2 + 2 + 8).order(ByteOrder.LITTLE_ENDIAN);
    data.putDouble(0.1).putDouble(1e300).putShort((short) 0x3C01).putShort((short) 0xC049);
    data.putLong(5);
    Path file =
        file(
            """
            {"d":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},
             "h":{"dtype":"F16","shape":[],"data_offsets":[16,18]},
             "b":{"dtype":"BF16","shape":[1,1,1],"data_offsets":[18,20]},
             "l":{"dtype":"I64","shape":[1],"data_offsets":[20,28]}}
            """,
            data.array());
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      float[] d = new float[2];
      read.read("d", 0, d);
      assertThat(d).containsExactly(0.1f, Float.POSITIVE_INFINITY);
      float[] one = new float[1];
      read.read("h", 0, one);
      assertThat(one[0]).isEqualTo(1 + 1 / 1024f);
      read.read("b", 0, one);
      assertThat(one[0]).isEqualTo(-3.140625f);
      assertThat(read.tensor("l")).isEqualTo(new TensorInfo("l", StoredType.I64, List.of(1L)));
      assertThatExceptionOfType(FormatException.class).isThrownBy(() -> read.read("l", 0, one));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}} | 8 bytes, but data_offsets [0, 4]",
        "{'w':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | begins at byte 4",
        "{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | have 4 bytes, the file has 8",
        "{} | have 0 bytes, the file has 8 of data",
        "{'w':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}} | have 12 bytes",
        "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},"
            + "'v':{'dtype':'U8','shape':[1],'data_offsets':[4,5]}} | inside of",
        "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},"
            + "'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | \"w\" occurs twice",
        "{'w':{'dtype':'F99','shape':[2],'data_offsets':[0,8]}} | unknown dtype \"F99\"",
        "{'w':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}} | negative extent",
        "{'w':{'dtype':'F32','shape':[4611686018427387904,2],'data_offsets':[0,8]}} | more than",
        "{'w':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}} | no integer",
        "{'w':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}} | no begin and end",
        "{'w':{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}} | no begin and end",
        "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8,8]}} | no begin and end",
        "{'w':{'dtype':'F32','shape':[2]}} | lacks some",
        "{'w':{'dtype':'F32','dtype':'F32','shape':[2],'data_offsets':[0,8]}} | occurs twice",
        "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'x':1}} | unknown key \"x\"",
        "{'__metadata__':{'a':1}} | expected a string, not an integer",
        "{'__metadata__':{'a':'x','a':'y'}} | occurs twice in __metadata__",
        "{'__metadata__':{},'__metadata__':{}} | occurs twice",
        "[] | does not begin with {",
        "` {}` | does not begin with {",
        "{}x | header.safetensors: line 1",
      })
  void headersThatAreNotSoundAreRefused(String header, String message) throws IOException {
    Path file = file(header.replace('\'', '"'), new byte[8]);
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> SafetensorsFile.open(file).close())
        .withMessageContaining("header.safetensors: ")
        .withMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({"-1", "3", "100000001", "9223372036854775807", "-9223372036854775808"})
  void lengthsThatDoNotFitAreRefused(long length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(length).put((byte) '{').put((byte) '}');
    Path file = Files.write(folder.resolve("length.safetensors"), bytes.array());
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> SafetensorsFile.open(file).close())
        .withMessageContaining(Long.toUnsignedString(length));
  }

  @Test
  void anEmptyFileIsRefusedAndOneWithoutTensorsIsRead() throws IOException {
    Path empty = Files.write(folder.resolve("empty.safetensors"), new byte[0]);
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> SafetensorsFile.open(empty).close());
    try (SafetensorsFile none = SafetensorsFile.open(file("{}", new byte[0]))) {
      assertThat(none.tensors()).isEmpty();
    }
  }

  @Test
  void theWriterKeepsToWhatWasAnnounced() throws IOException {
    SafetensorsWriter writer =
        new SafetensorsWriter(
            Channels.newChannel(new ByteArrayOutputStream()),
            List.of(TensorInfo.vector("a", DType.F32, 2), TensorInfo.vector("b", DType.S8, 1)),
            Map.of());
    assertThatThrownBy(() -> writer.write("b", new byte[1], 0, 1))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> writer.write("a", new int[2], 0, 2))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> writer.write("a", new float[3], 0, 3))
        .isInstanceOf(IllegalStateException.class);
    writer.write("a", new float[2], 0, 2);
    assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
    writer.write("b", new byte[1], 0, 1);
    writer.finish();
    assertThatThrownBy(() -> writer.write("b", new byte[1], 0, 1))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(
            () ->
                new SafetensorsWriter(
                    Channels.newChannel(new ByteArrayOutputStream()),
                    List.of(
                        TensorInfo.vector("a", DType.F32, 2), TensorInfo.vector("a", DType.S8, 1)),
                    Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Path file(String header, byte[] data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json).put(data);
    return Files.write(folder.resolve("header.safetensors"), bytes.array());
  }
}
