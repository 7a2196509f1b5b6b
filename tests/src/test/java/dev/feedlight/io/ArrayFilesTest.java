package dev.feedlight.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reads what NumPy and safetensors for Python wrote; tests/src/test/scripts/arrays.py made the
 * files.
 */
final class ArrayFilesTest {
  private static final float[] MATRIX = {1.5f, -2, 3.25f, 0, -0.0f, Float.POSITIVE_INFINITY};

  @ParameterizedTest
  @ValueSource(strings = {"stored.npz", "deflated.npz"})
  void everyArrayOfNumPyIsRead(String name) throws Exception {
    try (NpzFile file = NpzFile.open(resource(name))) {
      assertThat(file.tensors()).hasSize(19);
      for (String floats : List.of("f4", "f8", "f2", "f4_big", "f8_big", "f2_big", "f4_fortran")) {
        assertThat(file.tensor(floats).extents()).as(floats).containsExactly(2L, 3L);
        assertThat(floats(file, floats)).as(floats).containsExactly(MATRIX);
      }
      float[] cube = floats(file, "f4_fortran_3d");
      for (int i = 0; i < cube.length; i++) {
        assertThat(cube[i]).isEqualTo(i);
      }
      assertThat(ints(file, "i4")).containsExactly(1, -2, Integer.MAX_VALUE);
      assertThat(ints(file, "i4_big")).containsExactly(1, -2, Integer.MAX_VALUE);
      assertThat(ints(file, "i8")).containsExactly(1, -2);
      assertThat(ints(file, "i8_big")).containsExactly(1, -2);
      assertThat(ints(file, "u1")).containsExactly(0, 128, 255);
      assertThat(ints(file, "i1")).containsExactly(-128, 0, 127);
      assertThat(bytes(file, "i1")).containsExactly(-128, 0, 127);
      assertThat(bytes(file, "u1")).containsExactly(0, -128, -1);
      assertThat(bytes(file, "u1_fortran")).containsExactly(0, 1, 2, 3, 4, 5);
      assertThat(bytes(file, "b1")).containsExactly(1, 0);
      assertThat(file.tensor("b1").type()).isEqualTo(StoredType.BOOL);
      assertThat(file.tensor("scalar").extents()).isEmpty();
      assertThat(floats(file, "scalar")).containsExactly(7);
      assertThat(file.tensor("empty").extents()).containsExactly(0L, 5L);
      assertThat(floats(file, "empty")).isEmpty();
      assertThat(floats(file, "../up")).containsExactly(1);
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> file.read("f4", new int[6]))
          .withMessageContaining("entry f4: elements of type F32 are not read as ints");
      assertThatExceptionOfType(FormatException.class).isThrownBy(() -> file.tensor("f5"));
      assertThatThrownBy(() -> file.read("f4", new float[5]))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"version1", "version2", "version3"})
  void everyVersionOfNpyIsRead(String name) throws Exception {
    try (NpyFile file = NpyFile.open(resource(name + ".npy"))) {
      assertThat(file.tensors())
          .containsExactly(new TensorInfo(name, StoredType.F32, List.of(2L, 3L)));
      assertThat(floats(file, name)).containsExactly(MATRIX);
      assertThat(floats(file, name)).containsExactly(MATRIX);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"objects.npy", "records.npy"})
  void whatIsNoArrayOfNumbersIsRefused(String name) {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> NpyFile.open(resource(name)).close())
        .withMessageContaining(name + ": the npy header ");
  }

  @Test
  void whatPythonsSafetensorsWritesIsRead() throws Exception {
    try (SafetensorsFile file = SafetensorsFile.open(resource("python.safetensors"))) {
      assertThat(file.metadata()).isEqualTo(Map.of("format", "np"));
      for (String name : List.of("f4", "f8", "f2")) {
        assertThat(file.tensor(name).extents()).containsExactly(2L, 3L);
        assertThat(floats(file, name)).as(name).containsExactly(MATRIX);
      }
      assertThat(ints(file, "i8")).containsExactly(1, -2);
    }
  }

  @Test
  void anIntegerBeyond32BitsIsRefused() throws Exception {
    try (NpzFile file = NpzFile.open(resource("large_integer.npz"))) {
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> ints(file, "i8"))
          .withMessageContaining("element 0 is 2147483648");
    }
  }

  @Test
  void whatJavaDeflatesIsRead(@TempDir Path folder) throws IOException {
    // With data descriptors, which Java's writer uses and NumPy's does not.
    TensorInfo info = new TensorInfo("w", StoredType.F32, List.of(3L));
    Path path = folder.resolve("java.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
      zip.putNextEntry(new ZipEntry("w.npy"));
      zip.write(NpyHeader.write(info));
      zip.write(new byte[12]);
    }
    try (NpzFile file = NpzFile.open(path)) {
      assertThat(file.tensors()).containsExactly(info);
      assertThat(floats(file, "w")).containsExactly(0, 0, 0);
    }
  }

  private static float[] floats(TensorFile file, String name) throws IOException {
    float[] values = new float[(int) file.tensor(name).elements()];
    file.read(name, values);
    return values;
  }

  private static int[] ints(TensorFile file, String name) throws IOException {
    int[] values = new int[(int) file.tensor(name).elements()];
    file.read(name, values);
    return values;
  }

  private static byte[] bytes(TensorFile file, String name) throws IOException {
    byte[] values = new byte[(int) file.tensor(name).elements()];
    file.read(name, values);
    return values;
  }

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(ArrayFilesTest.class.getResource(name).toURI());
  }
}
