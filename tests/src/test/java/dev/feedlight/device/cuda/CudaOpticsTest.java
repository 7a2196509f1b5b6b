package dev.feedlight.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.FieldExtents;
import dev.feedlight.device.Kernels;
import dev.feedlight.device.OpticalOperation;
import dev.feedlight.selftest.Output;
import dev.feedlight.selftest.ParityCase;
import dev.feedlight.selftest.ParityCases;
import dev.feedlight.selftest.ParityRunner;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How fields that pass through memory are cut, and what memory they take. */
final class CudaOpticsTest {
  /** Several samples, and outputs on either side of a tile and of several. */
  private static final Set<String> SHAPES = Set.of("7 x 65 -> 33", "33 x 257 -> 129");

  private static final Set<Class<?>> OPERATIONS =
      Set.of(OpticalOperation.SpeckleField.class, OpticalOperation.SpeckleProject.class);

  private static List<ParityCase> cases() {
    return ParityCases.all(ParityCases.DEFAULT_SEED).stream()
        .filter(c -> OPERATIONS.contains(c.operation()) && SHAPES.contains(c.shapes()))
        .filter(c -> c.name().matches(".*(structured|drifting|floats).*"))
        .toList();
  }

  /** Patches of one sample, or of one tile of outputs, against one patch of everything. */
  @Test
  void anyPatchesGiveTheSameBits() {
    try (CudaDevice whole = StandIn.open();
        CudaDevice cut = StandIn.open()) {
      cut.fieldScratch().cut(1);
      assertThat(cases()).hasSizeGreaterThan(40);
      for (ParityCase parityCase : cases()) {
        List<Output> expected = parityCase.run(whole);
        assertThat(ParityRunner.run(cut, parityCase, expected).message())
            .as(parityCase.name())
            .isEmpty();
      }
      assertThat(scratch(cut)).isPositive().isLessThan(scratch(whole) / 4);
    }
  }

  private static long scratch(CudaDevice device) {
    return device.memory().scopes().get(Kernels.FIELD_SCRATCH);
  }

  @Test
  void projectionsThroughRowsTakeNoMemory() {
    try (CudaDevice device = StandIn.open()) {
      for (ParityCase parityCase : ParityCases.all(ParityCases.DEFAULT_SEED)) {
        if (parityCase.operation() == OpticalOperation.SpeckleProject.class
            && parityCase.shapes().equals("5 x 17 -> 13")
            && !parityCase.name().matches(".*(structured|drifting).*")) {
          parityCase.run(device);
        }
      }
      assertThat(device.memory().scopes()).doesNotContainKey(Kernels.FIELD_SCRATCH);
      assertThat(device.kernels().fieldScratchBytes(new FieldExtents(5, 13, 0, 1))).isZero();
    }
  }

  /** A megabyte holds some samples of transforms, or some tiles of outputs; one is always there. */
  @Test
  void patchesKeepToTheirSize() {
    long size = 1 << 20;
    for (FieldExtents extents :
        List.of(
            new FieldExtents(1000, 500, 1024, 1),
            new FieldExtents(1000, 500, 1024, 2),
            new FieldExtents(100, 3000, 0, 2))) {
      OpticScratch scratch = OpticScratch.of(extents, size);
      // The anchor and the rounding of addresses come on top.
      assertThat(scratch.bytes()).isBetween(size / 2, size + 8 * scratch.outputs() + 1024);
    }
    OpticScratch one = OpticScratch.of(new FieldExtents(1000, 500, 1 << 20, 1), size);
    assertThat(one.samples()).isEqualTo(1);
    assertThat(one.outputs()).isEqualTo(500);
    OpticScratch tile = OpticScratch.of(new FieldExtents(100_000, 500, 0, 2), size);
    assertThat(tile.samples()).isEqualTo(100_000);
    assertThat(tile.outputs()).isEqualTo(OpticMatrix.TILE);
  }

  /** Operations that run at once share what they need; a plan keeps what its graph holds. */
  @Test
  void scratchGrowsInPlaceUntilAPlanHoldsIt() {
    try (CudaDevice device = StandIn.open()) {
      FieldScratch scratch = device.fieldScratch();
      long first = scratch.take(1000);
      assertThat(scratch.take(500)).isEqualTo(first);
      scratch.take(2000);
      assertThat(scratch(device)).isEqualTo(2000);
      long kept = scratch.keptFor(() -> scratch.take(3000));
      assertThat(scratch(device)).isEqualTo(3000);
      assertThat(scratch.take(4000)).isNotEqualTo(kept);
      assertThat(scratch(device)).isEqualTo(7000);
      scratch.take(5000);
      assertThat(scratch(device)).isEqualTo(8000);
    }
  }
}
