package dev.feedlight.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.data.ScriptedServer.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever servers, earlier runs and interrupts do: the file's name stands for the right bytes or
 * for what it stood for before, and the next run against an honest server ends with the file.
 */
final class DownloaderFuzzTest {
  private static final String NEW = "\"new\"";

  @TempDir private Path base;

  @Test
  @Timeout(60)
  void theNameNeverStandsForWrongBytes() throws Exception {
    run(30, "");
  }

  @Test
  @Tag("exhaustive")
  void theNameNeverStandsForWrongBytesInALongRow() throws Exception {
    run(3_000, " -Pexhaustive");
  }

  private void run(int cases, String profile) throws Exception {
    long seed = Long.getLong("feedlight.seed", System.nanoTime());
    String repeat =
        "mvn -pl tests -am verify -Dtest=DownloaderFuzzTest -Dfeedlight.seed=" + seed + profile;
    System.out.println("DownloaderFuzzTest, seed " + seed + "; to repeat: " + repeat);
    Random random = new Random(seed);
    for (int i = 0; i < cases; i++) {
      Path folder = Files.createDirectory(base.resolve("case" + i));
      try {
        one(folder, random);
      } catch (RuntimeException | IOException | AssertionError e) {
        throw new AssertionError("case " + i + ", to repeat: " + repeat, e);
      }
    }
  }

  private static void one(Path folder, Random random) throws Exception {
    byte[] body = Fetching.body(1 + random.nextInt(random.nextBoolean() ? 50 : 50_000));
    Path file = folder.resolve(Fetching.NAME);
    byte[] before = random.nextInt(4) == 0 ? new byte[random.nextInt(9)] : null;
    if (before != null) {
      Files.write(file, before);
    }
    earlierRun(folder, body, random);
    Fetching fetching = new Fetching(folder, body).replacing().attempts(1 + random.nextInt(3));
    fetching.timeout(Duration.ofMillis(40));
    if (random.nextInt(3) == 0) {
      fetching.interruptAt(random.nextInt(body.length + 1));
    }
    try (ScriptedServer first = ScriptedServer.of(answers(body, random));
        ScriptedServer second = ScriptedServer.of(answers(body, random))) {
      fetching.from(first, second);
      assertThat(file).hasBinaryContent(body);
    } catch (DownloadException | InterruptedException e) {
      // An interrupt may also come too late to be seen.
      if (!fetching.events().contains("fetched")) {
        assertUntouched(file, before);
      }
    }
    Thread.interrupted();
    try (ScriptedServer honest = ScriptedServer.of(ScriptedServer.ranged(body, NEW))) {
      new Fetching(folder, body).replacing().from(honest);
    }
    assertThat(file).hasBinaryContent(body);
    assertThat(folder.toFile().list()).containsExactly(Fetching.NAME);
  }

  private static void assertUntouched(Path file, byte[] before) {
    if (before == null) {
      assertThat(file).doesNotExist();
    } else {
      assertThat(file).hasBinaryContent(before);
    }
  }

  private static void earlierRun(Path folder, byte[] body, Random random) throws IOException {
    if (random.nextBoolean()) {
      return;
    }
    byte[] part = Arrays.copyOf(body, random.nextInt(body.length + 3));
    if (part.length > 0 && random.nextInt(3) == 0) {
      part[random.nextInt(part.length)] ^= 1;
    }
    Files.write(folder.resolve(Fetching.PART), part);
    if (random.nextBoolean()) {
      Files.writeString(folder.resolve(Fetching.PART + ".etag"), "http://x/\n" + NEW + "\n");
    }
  }

  private static Answer[] answers(byte[] body, Random random) {
    return Stream.generate(() -> answer(body, random))
        .limit(1 + random.nextInt(4))
        .toArray(Answer[]::new);
  }

  private static Answer answer(byte[] body, Random random) {
    byte[] wrong = body.clone();
    wrong[random.nextInt(wrong.length)] ^= (byte) (1 << random.nextInt(8));
    int some = random.nextInt(body.length + 1);
    String tag = random.nextBoolean() ? NEW : "\"old\"";
    return switch (random.nextInt(14)) {
      case 0 -> ScriptedServer.whole(random.nextBoolean() ? body : wrong);
      case 1 -> ScriptedServer.ranged(wrong, tag);
      case 2 -> ScriptedServer.ranged(body, tag);
      case 3 -> ScriptedServer.cut(body, some, "ETag: " + tag);
      case 4 -> ScriptedServer.cut(wrong, some, "ETag: " + tag);
      case 5 -> ScriptedServer.stalling(ScriptedServer.cut(body, some));
      case 6 -> ScriptedServer.endless(body);
      case 7 -> ScriptedServer.endless(body, "Content-Length: " + some);
      case 8 -> ScriptedServer.raw("200 OK", List.of(), Arrays.copyOf(wrong, some));
      case 9 -> ScriptedServer.status("503 Service Unavailable");
      case 10 -> ScriptedServer.part(body, Math.min(some, body.length - 1), tag);
      case 11 -> ScriptedServer.redirect("/other");
      case 12 -> ScriptedServer.nothing();
      default -> (_, out) -> out.write(wrong); // no HTTP at all
    };
  }
}
