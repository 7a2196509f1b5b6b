package dev.feedlight.golden;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Lines of a name and its numbers, made by golden.py. */
final class GoldenFile {
  private final String file;
  private final List<String[]> lines;

  private GoldenFile(String file, List<String[]> lines) {
    this.file = file;
    this.lines = lines;
  }

  static GoldenFile read(String file) {
    try (InputStream in = GoldenFile.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("there is no golden file " + file);
      }
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
      return new GoldenFile(
          file,
          reader
              .lines()
              .filter(line -> !line.startsWith("#"))
              .map(line -> line.split(" ", -1))
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All lines of this name, each without it. */
  List<long[]> rows(String name) {
    return lines.stream()
        .filter(line -> line[0].equals(name))
        .map(line -> Arrays.stream(line).skip(1).mapToLong(GoldenFile::parseLong).toArray())
        .toList();
  }

  long[] longs(String name) {
    return Arrays.stream(only(name)).mapToLong(GoldenFile::parseLong).toArray();
  }

  double[] doubles(String name) {
    return Arrays.stream(only(name)).mapToDouble(Double::parseDouble).toArray();
  }

  float[] floats(String name) {
    double[] values = doubles(name);
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
      if (floats[i] != values[i]) {
        throw new IllegalStateException(
            file + ": number " + i + " of " + name + " is no fp32 number: " + values[i]);
      }
    }
    return floats;
  }

  private String[] only(String name) {
    List<String[]> found = lines.stream().filter(line -> line[0].equals(name)).toList();
    if (found.size() != 1) {
      throw new IllegalStateException(file + " has " + found.size() + " lines named " + name);
    }
    return Arrays.copyOfRange(found.getFirst(), 1, found.getFirst().length);
  }

  /** Keys use all 64 bits without a sign, everything else may have one. */
  private static long parseLong(String text) {
    return text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
  }
}
