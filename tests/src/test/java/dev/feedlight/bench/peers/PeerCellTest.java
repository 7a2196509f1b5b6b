package dev.feedlight.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which cells are measured. */
final class PeerCellTest {
  @Test
  void theTableHasTwelveCells() {
    assertThat(PeerCell.all())
        .hasSize(12)
        .startsWith(new PeerCell(4, 256, 32), new PeerCell(4, 256, 128))
        .endsWith(new PeerCell(4, 3080, 128));
    assertThat(PeerCell.all()).containsAll(PeerCell.quick());
  }

  @Test
  void aListIsParsedAndWrittenBack() {
    assertThat(PeerCell.parse("4x256, 96x16x7,4x256x32"))
        .containsExactly(
            new PeerCell(4, 256, 32), new PeerCell(4, 256, 128), new PeerCell(96, 16, 7));
    for (PeerCell cell : PeerCell.all()) {
      assertThat(PeerCell.parse(cell.label())).isEqualTo(List.of(cell));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "4", "4x", "4x256x32x1", "-4x256", "4x256,", "4 x 256", "axb"})
  void anotherFormIsRefusedAndQuoted(String list) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PeerCell.parse(list))
        .withMessageContaining("DEPTHxWIDTH");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0x256", "4x0", "4x256x0"})
  void zeroIsRefused(String list) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PeerCell.parse(list))
        .withMessageContaining("at least 1");
  }
}
