package dev.feedlight.bench.fig4;

import dev.feedlight.opu.TransmissionMatrix;
import java.util.LinkedHashMap;
import java.util.Map;

/** One thing to measure: a benchmark with its parameters. */
sealed interface Cell {
  /** A measured JVM itself, with oneDNN and its heap: 620 MB seen, rounded up. */
  long JVM_BYTES = 700_000_000L;

  /** A twentieth more, for what oneDNN keeps beside and the machine needs to go on (ours). */
  int SLACK = 20;

  /** Width of the network, or size of the projection. */
  int width();

  /** The benchmark class. */
  Class<? extends Fig4Benchmark> benchmark();

  /** Parameters that only this cell sets. */
  Map<String, String> parameters();

  /** Whether optics are computed. */
  default boolean emulatesOptics() {
    return false;
  }

  /** For people, and the cell's name in {@code cells.jsonl}: wordings stay. */
  String label();

  /** Bytes of device memory that the cell needs: its matrices and batches. */
  long deviceBytes(int batch);

  /** Bytes of memory of the measured process. */
  default long processBytes(int batch) {
    return JVM_BYTES + deviceBytes(batch) + deviceBytes(batch) / SLACK;
  }

  /** A whole step by a rule without optics. */
  record DigitalStep(String rule, int width, int depth) implements Cell {
    @Override
    public Class<? extends Fig4Benchmark> benchmark() {
      return TrainingStepBenchmark.class;
    }

    @Override
    public Map<String, String> parameters() {
      Map<String, String> values = size(width, depth);
      values.put("rule", rule);
      values.put("transmission", TransmissionMatrix.PROCEDURAL.toString());
      return values;
    }

    @Override
    public String label() {
      return rule + " step, width " + width + ", depth " + depth;
    }

    @Override
    public long deviceBytes(int batch) {
      return network(width, depth, batch) + (rule.equals("dfa") ? matrix(width) : 0);
    }
  }

  /** A whole ODFA step with the optics emulated. */
  record EmulatedStep(TransmissionMatrix transmission, int width, int depth) implements Cell {
    @Override
    public Class<? extends Fig4Benchmark> benchmark() {
      return TrainingStepBenchmark.class;
    }

    @Override
    public Map<String, String> parameters() {
      Map<String, String> values = size(width, depth);
      values.put("rule", "odfa");
      values.put("transmission", transmission.toString());
      return values;
    }

    @Override
    public boolean emulatesOptics() {
      return true;
    }

    @Override
    public String label() {
      return "odfa step, emulated, " + transmission + ", width " + width + ", depth " + depth;
    }

    @Override
    public long deviceBytes(int batch) {
      return network(width, depth, batch) + optics(transmission, width, batch);
    }
  }

  /** The electronic part of an ODFA step. */
  record ElectronicStep(int width, int depth) implements Cell {
    @Override
    public Class<? extends Fig4Benchmark> benchmark() {
      return ElectronicStepBenchmark.class;
    }

    @Override
    public Map<String, String> parameters() {
      return size(width, depth);
    }

    @Override
    public String label() {
      return "odfa step, electronic part, width " + width + ", depth " + depth;
    }

    @Override
    public long deviceBytes(int batch) {
      return network(width, depth, batch);
    }
  }

  /** The digital projection alone. */
  record DigitalProjection(int width) implements Cell {
    @Override
    public Class<? extends Fig4Benchmark> benchmark() {
      return ProjectionBenchmark.class;
    }

    @Override
    public Map<String, String> parameters() {
      return Map.of("matrix", "digital", "size", String.valueOf(width));
    }

    @Override
    public String label() {
      return "digital projection, " + width + " x " + width;
    }

    @Override
    public long deviceBytes(int batch) {
      return matrix(width) + 2L * vectors(width, batch);
    }
  }

  /** The emulated optical projection alone. */
  record EmulatedProjection(TransmissionMatrix transmission, int width) implements Cell {
    @Override
    public Class<? extends Fig4Benchmark> benchmark() {
      return ProjectionBenchmark.class;
    }

    @Override
    public Map<String, String> parameters() {
      return Map.of("matrix", transmission.toString(), "size", String.valueOf(width));
    }

    @Override
    public boolean emulatesOptics() {
      return true;
    }

    @Override
    public String label() {
      return "emulated projection, " + transmission + ", " + width + " x " + width;
    }

    @Override
    public long deviceBytes(int batch) {
      return optics(transmission, width, batch) + 2L * vectors(width, batch);
    }
  }

  private static Map<String, String> size(int width, int depth) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("width", String.valueOf(width));
    values.put("depth", String.valueOf(depth));
    return values;
  }

  /** An fp32 matrix; the processor keeps no second, packed one. */
  private static long matrix(long width) {
    return 4 * width * width;
  }

  private static long vectors(long width, long batch) {
    return 4 * width * batch;
  }

  private static long network(int width, long depth, int batch) {
    return (depth + 1) * (matrix(width) + vectors(width, batch)) + 4L * vectors(width, batch);
  }

  /** Two int32 fields of two components each; two bytes per entry where the matrix is stored. */
  private static long optics(TransmissionMatrix transmission, long width, int batch) {
    long entries = transmission == TransmissionMatrix.STORED ? 2 * width * width : 0;
    return entries + 6L * vectors(width, batch);
  }
}
