package dev.feedlight;

import dev.feedlight.device.DeviceException;
import dev.feedlight.device.MemoryReport;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Device memory that an engine will take, by the scopes of {@link DfaEngine#memory()}. It is exact
 * but for {@value #OPERAND_COPIES}, an entry that there is where the device's products read such
 * copies: it is what the copies of a training step take at most, so that all sums with it are
 * bounds, and {@link DfaEngine#memory()} has them in the scopes of the operands. What a learning
 * rule of the user's own takes is only in it if the rule tells ({@link
 * dev.feedlight.learn.LearningRule#memory}). What else the device's kernels keep for themselves,
 * other than the fields of projections, comes on top.
 *
 * @param scopes bytes by scope, in the order in which they are allocated; of {@value
 *     #OPERAND_COPIES} at most
 * @param peakBytes most bytes at once, which optics need while they are calibrated; beyond what
 *     copies take less, at most the bytes of the scope {@code alignment probe} too high
 */
public record MemoryEstimate(Map<String, Long> scopes, long peakBytes) {
  /** Name of the entry for copies that dense products read: bf16 on sm_90. */
  public static final String OPERAND_COPIES = "copies of operands";

  /** Keeps a copy. */
  public MemoryEstimate {
    scopes = Collections.unmodifiableMap(new LinkedHashMap<>(scopes));
  }

  /**
   * All scopes together.
   *
   * @return bytes that stay allocated; at most, where operands are copied
   */
  public long bytes() {
    return scopes.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Whether it all has room beside what is live.
   *
   * @param memory of the device
   * @return true if it fits into the capacity
   */
  public boolean fits(MemoryReport memory) {
    return peakBytes <= memory.capacityBytes() - memory.liveBytes();
  }

  void requireFits(MemoryReport memory) {
    if (!fits(memory)) {
      throw new DeviceException(
          "the engine does not fit: it needs "
              + peakBytes
              + " bytes ("
              + describe()
              + "), "
              + memory.liveBytes()
              + " are live of a capacity of "
              + memory.capacityBytes()
              + ". Narrower blocks, a smaller batch or an optimizer with less state need less");
    }
  }

  private String describe() {
    String all =
        scopes.entrySet().stream()
            .filter(scope -> scope.getValue() > 0)
            .map(scope -> scope.getKey() + " " + scope.getValue())
            .collect(Collectors.joining(", "));
    long more = peakBytes - bytes();
    return more == 0 ? all : all + ", for a while " + more + " more";
  }
}
