package dev.feedlight.data;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that are not finite and labels out of range never get past {@link CheckedDataset}. */
final class CheckedDatasetTest {
  /** A user's data: 4 examples of 5 inputs and 3 outputs; one value at example 2 is set. */
  private record UserData(long size, int inputs, Task task, int at, float value, int label)
      implements Dataset {
    @Override
    public String name() {
      return "mine";
    }

    @Override
    public int outputs() {
      return 3;
    }

    @Override
    public void input(long index, MemorySegment dst, long byteOffset) {
      write(index, dst, byteOffset, inputs);
    }

    @Override
    public int label(long index) {
      return label;
    }

    @Override
    public void target(long index, MemorySegment dst, long byteOffset) {
      write(index, dst, byteOffset, 3);
    }

    private void write(long index, MemorySegment dst, long byteOffset, int count) {
      for (int i = 0; i < count; i++) {
        dst.set(
            JAVA_FLOAT_UNALIGNED, byteOffset + 4L * i, index == 2 && i == at ? value : i - 1.5f);
      }
    }
  }

  private static Dataset checked(int at, float value, int label) {
    return CheckedDataset.of(new UserData(4, 5, Task.REGRESSION, at, value, label));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void namesTheExampleAndTheFeature(float value) {
    Dataset data = checked(4, value, 0);
    MemorySegment dst = MemorySegment.ofArray(new byte[23]);
    assertThatCode(() -> data.input(1, dst, 3)).doesNotThrowAnyException();
    assertThatThrownBy(() -> data.input(2, dst, 3))
        .isInstanceOf(DataException.class)
        .hasMessage("mine: example 2 has %s at input feature 4 of 5", value);
    assertThatThrownBy(() -> checked(0, value, 0).target(2, MemorySegment.ofArray(new float[3]), 0))
        .isInstanceOf(DataException.class)
        .hasMessage("mine: example 2 has %s at target feature 0 of 3", value);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 255, 256, 511, 512, 599})
  void everyPlaceOfAWideRowIsChecked(int at) {
    Dataset data = CheckedDataset.of(new UserData(4, 600, Task.REGRESSION, at, Float.NaN, 0));
    assertThatThrownBy(() -> data.input(2, MemorySegment.ofArray(new float[600]), 0))
        .isInstanceOf(DataException.class)
        .hasMessage("mine: example 2 has NaN at input feature %d of 600", at);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x7F800001, 0x7FC00000, 0xFFC00000, 0xFFFFFFFF, 0x7FFFFFFF})
  void everyNanIsCaught(int bits) {
    Dataset data = checked(1, Float.intBitsToFloat(bits), 0);
    assertThatThrownBy(() -> data.input(2, MemorySegment.ofArray(new float[5]), 0))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("NaN at input feature 1");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE, -0f, 1f})
  void finiteValuesPassUnchanged(float value) {
    float[] values = new float[5];
    checked(3, value, 0).input(2, MemorySegment.ofArray(values), 0);
    assertThat(values).containsExactly(-1.5f, -0.5f, 0.5f, value, 2.5f);
  }

  @Test
  void refusesLabelsOutOfRange() {
    assertThat(checked(0, 0, 2).label(1)).isEqualTo(2);
    for (int label : new int[] {-1, 3}) {
      assertThatThrownBy(() -> checked(0, 0, label).label(1))
          .isInstanceOf(DataException.class)
          .hasMessage(
              "mine: the label of example 1 is %d, but there are 3 classes (0 to 2)", label);
    }
  }

  @Test
  void refusesEmptyData() {
    assertThatThrownBy(() -> CheckedDataset.of(new UserData(0, 5, Task.REGRESSION, 0, 0, 0)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("0 examples of 5 inputs and 3 outputs");
    assertThatThrownBy(() -> CheckedDataset.of(new UserData(4, 0, Task.REGRESSION, 0, 0, 0)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("0 inputs");
  }

  @Test
  void addsNothingToDataThatIsSoundByConstruction() {
    Dataset synthetic = SyntheticDataset.regression(1, 1, 1, 1);
    assertThat(CheckedDataset.of(synthetic)).isSameAs(synthetic);
    Dataset images = FashionMnist.embedded().test();
    assertThat(CheckedDataset.of(images)).isSameAs(images);
    Dataset once = checked(0, 0, 0);
    assertThat(CheckedDataset.of(once)).isSameAs(once);
    assertThat(once.name()).isEqualTo("mine");
    assertThat(once.size()).isEqualTo(4);
    assertThat(once.task()).isEqualTo(Task.REGRESSION);
  }

  @Test
  void splitsMustFitOneNetwork() {
    Dataset regression = new UserData(4, 5, Task.REGRESSION, 0, 0, 0);
    assertThat(new Split(regression, regression).test()).isSameAs(regression);
    for (Dataset other :
        new Dataset[] {
          new UserData(4, 6, Task.REGRESSION, 0, 0, 0),
          new UserData(4, 5, Task.CLASSIFICATION, 0, 0, 0),
          SyntheticDataset.regression(4, 5, 4, 1)
        }) {
      assertThatThrownBy(() -> new Split(regression, other))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("5 inputs");
    }
  }
}
