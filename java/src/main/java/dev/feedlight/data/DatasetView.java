package dev.feedlight.data;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.function.LongUnaryOperator;

/** Some examples of another data set. */
final class DatasetView implements Dataset {
  private final Dataset data;
  private final String name;
  private final long size;
  private final LongUnaryOperator example;

  /**
   * Takes examples.
   *
   * @param data all of them
   * @param name of the part
   * @param size of the part, at least 1
   * @param example number in the whole of an example of the part
   */
  DatasetView(Dataset data, String name, long size, LongUnaryOperator example) {
    this.data = data;
    this.name = name;
    this.size = size;
    this.example = example;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public int inputs() {
    return data.inputs();
  }

  @Override
  public int outputs() {
    return data.outputs();
  }

  @Override
  public Task task() {
    return data.task();
  }

  @Override
  public void input(long index, MemorySegment dst, long byteOffset) {
    data.input(at(index), dst, byteOffset);
  }

  @Override
  public int label(long index) {
    return data.label(at(index));
  }

  @Override
  public void target(long index, MemorySegment dst, long byteOffset) {
    data.target(at(index), dst, byteOffset);
  }

  private long at(long index) {
    return example.applyAsLong(Objects.checkIndex(index, size));
  }
}
