package dev.feedlight.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.tensor.ShapeException;
import org.junit.jupiter.api.Test;

/** The order of maps and the order of patches. */
final class PatchGridTest {
  /** Every number stands where its channel, row and column say, and comes back from there. */
  @Test
  void patchesHoldTheirCellsChannelByChannel() {
    PatchGrid grid = new PatchGrid(3, 4, 6, 2);
    float[] maps = new float[5 + grid.values()];
    for (int i = 0; i < maps.length; i++) {
      maps[i] = i;
    }
    float[] patches = new float[7 + grid.values()];
    grid.toPatches(maps, 5, patches, 7);
    assertThat(grid.patches()).isEqualTo(6);
    assertThat(grid.patchValues()).isEqualTo(12);
    for (int channel = 0; channel < 3; channel++) {
      for (int y = 0; y < 4; y++) {
        for (int x = 0; x < 6; x++) {
          int row = y / 2 * 3 + x / 2;
          int column = (channel * 2 + y % 2) * 2 + x % 2;
          assertThat(patches[7 + row * 12 + column]).isEqualTo(5 + (channel * 4 + y) * 6 + x);
        }
      }
    }
    float[] back = new float[maps.length];
    grid.toMaps(patches, 7, back, 5);
    System.arraycopy(maps, 0, back, 0, 5);
    assertThat(back).isEqualTo(maps);
  }

  @Test
  void aRowStaysAsItIs() {
    PatchGrid row = PatchGrid.row(5);
    float[] same = new float[6];
    row.toPatches(new float[] {9, 1, 2, 3, 4, 5}, 1, same, 0);
    assertThat(same).containsExactly(1, 2, 3, 4, 5, 0);
    assertThat(row.patches()).isEqualTo(1);
  }

  @Test
  void whatIsNotWholePatchesIsRefused() {
    assertThatThrownBy(() -> new PatchGrid(4, 48, 70, 8))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "maps of 48 x 70 cells cannot be cut into patches of 8 x 8; use a patch that divides"
                + " both");
    assertThatThrownBy(() -> new PatchGrid(0, 48, 72, 8))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("channels 0");
  }
}
