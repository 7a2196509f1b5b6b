package dev.feedlight.data;

import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.Objects;

/**
 * Grey images with one label each, held as bytes and standardised as they are read. Immutable and
 * safe for concurrent use.
 */
public final class ImageDataset implements Dataset {
  private final String name;
  private final IdxFile images;
  private final IdxFile labels;
  private final int classes;
  private final Standardization standardization;
  private final float[] table;

  /**
   * Joins images with their labels.
   *
   * @param name the name that messages and reports use
   * @param images one image an example
   * @param labels one label an example
   * @param classes the number of classes, 1 to 256
   * @param standardization of the training images, also where this is the test set
   * @throws DataException if the counts disagree or a label is not below {@code classes}
   */
  public ImageDataset(
      String name, IdxFile images, IdxFile labels, int classes, Standardization standardization) {
    this.name = Objects.requireNonNull(name);
    this.images = images;
    this.labels = labels;
    this.classes = classes;
    this.standardization = standardization;
    this.table = standardization.table();
    if (images.count() != labels.count()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s has %d labels for the %d images of %s",
              labels.name(),
              labels.count(),
              images.count(),
              images.name()));
    }
    if (classes < 1 || classes > 256) {
      throw new DataException(
          String.format(
              Locale.ROOT, "%s: %d classes, but labels of one byte allow 1 to 256", name, classes));
    }
    for (long i = 0; i < labels.count(); i++) {
      if (labels.value(i, 0) >= classes) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "%s: label %d is %d, but there are %d classes (0 to %d)",
                labels.name(),
                i,
                labels.value(i, 0),
                classes,
                classes - 1));
      }
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() {
    return images.count();
  }

  @Override
  public int inputs() {
    return images.itemBytes();
  }

  @Override
  public int outputs() {
    return classes;
  }

  @Override
  public Task task() {
    return Task.CLASSIFICATION;
  }

  /**
   * The height of an image.
   *
   * @return pixels
   */
  public int rows() {
    return images.rows();
  }

  /**
   * The width of an image.
   *
   * @return pixels
   */
  public int columns() {
    return images.columns();
  }

  /**
   * How pixels become inputs.
   *
   * @return the map in use, measured on the training images
   */
  public Standardization standardization() {
    return standardization;
  }

  @Override
  public void input(long index, MemorySegment dst, long byteOffset) {
    Objects.checkIndex(index, size());
    int inputs = inputs();
    Objects.checkFromIndexSize(byteOffset, (long) inputs * Float.BYTES, dst.byteSize());
    byte[] block = images.block(index);
    int image = images.offset(index);
    float[] chunk = new float[Chunk.SIZE];
    for (int first = 0; first < inputs; first += Chunk.SIZE) {
      int count = Chunk.length(first, inputs);
      for (int i = 0; i < count; i++) {
        chunk[i] = table[block[image + first + i] & 0xFF];
      }
      Chunk.write(chunk, count, dst, byteOffset, first);
    }
  }

  @Override
  public int label(long index) {
    return labels.value(index, 0);
  }

  @Override
  public void target(long index, MemorySegment dst, long byteOffset) {
    throw new IllegalStateException(name + " is for classification: it has labels, no targets");
  }
}
