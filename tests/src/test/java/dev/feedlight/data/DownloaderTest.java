package dev.feedlight.data;

import static dev.feedlight.data.ScriptedServer.cut;
import static dev.feedlight.data.ScriptedServer.endless;
import static dev.feedlight.data.ScriptedServer.nothing;
import static dev.feedlight.data.ScriptedServer.part;
import static dev.feedlight.data.ScriptedServer.ranged;
import static dev.feedlight.data.ScriptedServer.raw;
import static dev.feedlight.data.ScriptedServer.redirect;
import static dev.feedlight.data.ScriptedServer.stalling;
import static dev.feedlight.data.ScriptedServer.status;
import static dev.feedlight.data.ScriptedServer.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.data.ScriptedServer.Answer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers do, and what is left in the folder. */
@Timeout(30)
final class DownloaderTest {
  private static final byte[] BODY = Fetching.body(100_000);
  private static final String V1 = "\"v1\"";

  @TempDir private Path folder;

  private Fetching fetching() {
    return new Fetching(folder, BODY);
  }

  private void assertFetched() {
    assertThat(folder.resolve(Fetching.NAME)).hasBinaryContent(BODY);
    assertNothingElse(Fetching.NAME);
  }

  private void assertKept(int bytes) {
    assertThat(folder.resolve(Fetching.NAME)).doesNotExist();
    assertThat(folder.resolve(Fetching.PART)).hasBinaryContent(Arrays.copyOf(BODY, bytes));
  }

  private void assertNothingElse(String... names) {
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder(names);
  }

  @Test
  void aRightFileIsFetchedOnce() throws Exception {
    try (ScriptedServer server = ScriptedServer.of(whole(BODY))) {
      Fetching fetching = fetching();
      fetching.from(server);
      assertFetched();
      assertThat(fetching.events()).contains("fetched").doesNotContain("present");
      assertThat(server.requests()).hasSize(1);
      assertThat(server.requests().getFirst().headers())
          .doesNotContainKeys("Range", "If-Range", "Upgrade")
          .containsEntry("Accept-Encoding", "identity");
      fetching.from(server);
      assertThat(fetching.events()).endsWith("present");
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void aTruncatedAnswerIsGoneOnWith() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.of(cut(BODY, 40_000, "ETag: " + V1), ranged(BODY, V1))) {
      Fetching fetching = fetching();
      fetching.from(server);
      assertFetched();
      assertThat(fetching.failures()).hasSize(1);
      assertThat(fetching.failures().getFirst()).contains("broke after 40000 of 100000 bytes");
      assertThat(server.requests().getLast().headers())
          .containsEntry("Range", "bytes=40000-")
          .containsEntry("If-Range", V1);
    }
  }

  @Test
  void anotherRunGoesOn() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.of(cut(BODY, 40_000, "ETag: " + V1), ranged(BODY, V1))) {
      assertThatThrownBy(() -> fetching().attempts(1).from(server))
          .isInstanceOf(DownloadException.class)
          .hasMessageContainingAll(
              Fetching.NAME,
              server.url(Fetching.NAME).toString(),
              "40000 of 100000 bytes are kept",
              "put file.bin (100000 bytes) from there into " + folder);
      assertKept(40_000);
      Fetching second = fetching().attempts(1);
      second.from(server);
      assertFetched();
      assertThat(second.events()).startsWith("progress 40000");
      assertThat(server.requests().getLast().headers()).containsEntry("If-Range", V1);
    }
  }

  /** The tag of one URL says nothing of another, a weak one nothing of bytes. */
  @Test
  void tagsAreSentToTheirUrlAndOnlyIfStrong() throws Exception {
    try (ScriptedServer first = ScriptedServer.of(cut(BODY, 40_000, "ETag: " + V1));
        ScriptedServer second = ScriptedServer.of(ranged(BODY, "\"other\""))) {
      fetching().attempts(1).from(first, second);
      assertFetched();
      assertThat(second.requests().getFirst().headers())
          .containsEntry("Range", "bytes=40000-")
          .doesNotContainKey("If-Range");
    }
    Files.delete(folder.resolve(Fetching.NAME));
    try (ScriptedServer weak =
        ScriptedServer.of(cut(BODY, 40_000, "ETag: W/\"v1\""), ranged(BODY, "W/\"v1\""))) {
      fetching().from(weak);
      assertFetched();
      assertThat(weak.requests().getLast().headers()).doesNotContainKey("If-Range");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "no url\n\"v1\"\n", "a\nb\nc\n", "\0\1\2"})
  void aDamagedNoteOfTheTagIsNone(String note) throws Exception {
    Files.write(folder.resolve(Fetching.PART), Arrays.copyOf(BODY, 7));
    Files.writeString(folder.resolve(Fetching.PART + ".etag"), note);
    try (ScriptedServer server = ScriptedServer.of(ranged(BODY, V1))) {
      fetching().from(server);
      assertFetched();
      assertThat(server.requests().getFirst().headers()).doesNotContainKey("If-Range");
    }
  }

  @Test
  void aServerThatIgnoresTheRangeStartsItAgain() throws Exception {
    Files.write(folder.resolve(Fetching.PART), Arrays.copyOf(BODY, 40_000));
    try (ScriptedServer server = ScriptedServer.of(whole(BODY))) {
      fetching().attempts(1).from(server);
      assertFetched();
      assertThat(server.requests().getFirst().headers()).containsEntry("Range", "bytes=40000-");
    }
  }

  @Test
  void aNewVersionStartsItAgain() throws Exception {
    byte[] old = Fetching.body(100_001);
    Answer honest = ranged(BODY, "\"v2\"");
    Answer ignoresTheCondition = part(BODY, 40_000, "\"v2\"");
    for (List<Answer> later : List.of(List.of(honest), List.of(ignoresTheCondition, honest))) {
      Files.deleteIfExists(folder.resolve(Fetching.NAME));
      Answer first = cut(Arrays.copyOf(old, 100_000), 40_000, "ETag: " + V1);
      Answer last = later.getLast();
      try (ScriptedServer server = ScriptedServer.of(first, later.getFirst(), last)) {
        Fetching fetching = fetching();
        fetching.from(server);
        assertFetched();
        assertThat(server.requests()).hasSize(1 + later.size());
        if (later.size() == 2) {
          assertThat(fetching.failures().getLast()).contains("another version, \"v2\"");
        }
      }
    }
  }

  @Test
  void anotherLengthIsRefusedBeforeAByteIsTaken() throws Exception {
    for (int length : new int[] {99_999, 100_001, 0}) {
      try (ScriptedServer server = ScriptedServer.of(endless(BODY, "Content-Length: " + length))) {
        assertThatThrownBy(() -> fetching().from(server))
            .isInstanceOf(DownloadException.class)
            .hasMessageContaining("offers " + length + " bytes where 100000 are expected");
        assertThat(server.requests()).hasSize(1);
        assertNothingElse();
      }
    }
  }

  /** Without a length the end of the connection is the end of the body. */
  @Test
  void aShortBodyWithoutLengthIsKept() throws Exception {
    byte[] start = Arrays.copyOf(BODY, 60_000);
    try (ScriptedServer server = ScriptedServer.of(raw("200 OK", List.of(), start))) {
      assertThatThrownBy(() -> fetching().attempts(1).from(server))
          .hasMessageContaining("the answer ended after 60000 of 100000 bytes");
      assertKept(60_000);
    }
    try (ScriptedServer server = ScriptedServer.of(raw("200 OK", List.of(), BODY))) {
      fetching().from(server);
      assertFetched();
    }
  }

  @Test
  void bytesWithoutEndAreStopped() throws Exception {
    String chunk = "8000000\r\n"; // one chunk of 128 MiB, of which the end never comes
    byte[] chunked =
        Arrays.copyOf(chunk.getBytes(StandardCharsets.US_ASCII), chunk.length() + BODY.length);
    System.arraycopy(BODY, 0, chunked, chunk.length(), BODY.length);
    for (Answer answer : List.of(endless(BODY), endless(chunked, "Transfer-Encoding: chunked"))) {
      try (ScriptedServer server = ScriptedServer.of(answer)) {
        assertThatThrownBy(() -> fetching().from(server))
            .isInstanceOf(DownloadException.class)
            .hasMessageContaining("sends more than the 100000 bytes expected");
        assertThat(server.requests()).hasSize(1);
        assertNothingElse();
      }
    }
  }

  @Test
  void wrongBytesAreDroppedAndTheNextUrlIsAsked() throws Exception {
    byte[] wrong = BODY.clone();
    wrong[99_999] ^= 1;
    try (ScriptedServer liar = ScriptedServer.of(whole(wrong, "ETag: " + V1));
        ScriptedServer honest = ScriptedServer.of(whole(BODY))) {
      assertThatThrownBy(() -> fetching().from(liar))
          .isInstanceOf(DownloadException.class)
          .hasMessageContaining("100000 bytes have not the SHA-256 " + fetching().sha256())
          .hasMessageNotContaining("kept");
      assertThat(liar.requests()).hasSize(1);
      assertNothingElse();
      fetching().from(liar, honest);
      assertFetched();
      assertThat(honest.requests().getFirst().headers()).doesNotContainKey("Range");
    }
  }

  @Test
  void aWrongBeginningDoesNotCondemnTheServer() throws Exception {
    Files.write(folder.resolve(Fetching.PART), new byte[40_000]);
    try (ScriptedServer server = ScriptedServer.of(ranged(BODY, V1))) {
      fetching().from(server);
      assertFetched();
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void aPartThatIsWholeNeedsNoNetworkAndOneThatIsWrongIsNotUsed() throws Exception {
    Files.write(folder.resolve(Fetching.PART), BODY);
    try (ScriptedServer server = ScriptedServer.of(ranged(BODY, V1))) {
      fetching().from(server);
      assertFetched();
      assertThat(server.requests()).isEmpty();
      for (int length : new int[] {100_000, 100_001}) {
        Files.delete(folder.resolve(Fetching.NAME));
        Files.write(folder.resolve(Fetching.PART), new byte[length]);
        fetching().from(server);
        assertFetched();
        assertThat(server.requests().getLast().headers()).doesNotContainKey("Range");
      }
    }
  }

  @Test
  void aServerThatStallsIsGivenUp() throws Exception {
    Duration little = Duration.ofMillis(150);
    try (ScriptedServer head = ScriptedServer.of(stalling(nothing()));
        ScriptedServer body = ScriptedServer.of(stalling(cut(BODY, 30_000)))) {
      assertThatThrownBy(() -> fetching().timeout(little).attempts(2).from(head, body))
          .isInstanceOf(DownloadException.class)
          .hasMessageContainingAll(
              "no answer within 0.3 s (attempt 2)",
              "nothing came for 0.15 s after 30000 of 100000 bytes (attempt 2)");
      assertThat(head.requests()).hasSize(2);
      assertThat(body.requests()).hasSize(2);
      assertKept(30_000);
    }
  }

  @Test
  void failuresThatMayPassAreTriedAgainWithGrowingPauses() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.of(
            status("503 Service Unavailable"),
            status("500 Internal Server Error"),
            status("429 Too Many Requests"),
            whole(BODY))) {
      Fetching fetching = fetching().attempts(4);
      fetching.from(server);
      assertFetched();
      assertThat(fetching.pauses())
          .containsExactly(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(4));
      assertThat(fetching.failures())
          .containsExactly("HTTP status 503", "HTTP status 500", "HTTP status 429");
    }
  }

  /** The platform's client repeats such a request by itself, so there are more than two. */
  @Test
  void aServerThatClosesAtOnceIsSaid() throws Exception {
    try (ScriptedServer server = ScriptedServer.of(nothing())) {
      assertThatThrownBy(() -> fetching().attempts(2).from(server))
          .isInstanceOf(DownloadException.class)
          .hasMessageContainingAll("no answer: ", "(attempt 2)");
      assertThat(server.requests()).hasSizeBetween(2, 20);
      assertNothingElse();
    }
  }

  @Test
  void failuresThatStayAreNotTriedAgain() throws Exception {
    Files.write(folder.resolve(Fetching.PART), Arrays.copyOf(BODY, 50));
    try (ScriptedServer gone = ScriptedServer.of(status("404 Not Found"));
        ScriptedServer empty = ScriptedServer.of(status("204 No Content"));
        ScriptedServer shorter =
            ScriptedServer.of(
                raw("416 x", List.of("Content-Range: bytes */40", "Content-Length: 0"), BODY));
        ScriptedServer other = ScriptedServer.of(part(BODY, 49, V1));
        ScriptedServer larger = ScriptedServer.of(part(Fetching.body(100_001), 50, V1));
        ScriptedServer none = ScriptedServer.of(raw("206 x", List.of(), BODY))) {
      assertThatThrownBy(() -> fetching().from(gone, empty, shorter, other, larger, none))
          .isInstanceOf(DownloadException.class)
          .hasMessageContainingAll(
              "HTTP status 404",
              "HTTP status 204",
              "HTTP status 416, 'bytes */40'",
              "asked for bytes 50 to 99999 of 100000, gives 'bytes 49-99999/100000'",
              "gives 'bytes 50-100000/100001'",
              "gives ''",
              "50 of 100000 bytes are kept");
      for (ScriptedServer server : List.of(gone, empty, shorter, other, larger, none)) {
        assertThat(server.requests()).hasSize(1);
      }
      assertKept(50);
    }
  }

  @Test
  void redirectsAreFollowedWithTheirRange() throws Exception {
    Files.write(folder.resolve(Fetching.PART), Arrays.copyOf(BODY, 50));
    try (ScriptedServer far = ScriptedServer.of(ranged(BODY, V1));
        ScriptedServer near =
            ScriptedServer.of(redirect("/elsewhere"), redirect(far.url("x").toString()))) {
      fetching().from(near);
      assertFetched();
      assertThat(near.requests().getLast().target()).isEqualTo("/elsewhere");
      assertThat(far.requests().getFirst().headers()).containsEntry("Range", "bytes=50-");
    }
  }

  @Test
  void redirectsWithoutEndOrOutOfTheWebAreNot() throws Exception {
    try (ScriptedServer loop = ScriptedServer.of(redirect("/loop"));
        ScriptedServer file = ScriptedServer.of(redirect("file:///etc/passwd"));
        ScriptedServer nowhere = ScriptedServer.of(redirect("ht tp://x"));
        ScriptedServer silent = ScriptedServer.of(status("302 Found"))) {
      assertThatThrownBy(() -> fetching().from(loop, file, nowhere, silent))
          .isInstanceOf(DownloadException.class)
          .hasMessageContainingAll(
              "more than 5 redirects",
              "redirected to 'file:///etc/passwd', which is no http(s) URL",
              "redirected to 'ht tp://x', which is no URL",
              "redirected to '', which is no http(s) URL");
      assertThat(loop.requests()).hasSize(6);
    }
    URI secure = URI.create("https://host/a/b");
    assertThat(WebGet.redirected(secure, "../c")).isEqualTo(URI.create("https://host/c"));
    assertThat(WebGet.redirected(secure, "//other/d")).isEqualTo(URI.create("https://other/d"));
    assertThatThrownBy(() -> WebGet.redirected(secure, "http://host/a/b"))
        .isInstanceOf(FailedAttempt.class)
        .hasMessageContaining("redirected from https to http://host/a/b: not followed");
  }

  @Test
  void noServerAndNoNameAreSaid() throws Exception {
    URI absent;
    try (ScriptedServer server = ScriptedServer.of(nothing())) {
      absent = server.url(Fetching.NAME);
    }
    assertThatThrownBy(() -> fetching().from(List.of(absent, URI.create("http://none.invalid/x"))))
        .isInstanceOf(DownloadException.class)
        .hasMessageContainingAll(
            "no connection to 127.0.0.1:" + absent.getPort() + " (attempt 3)",
            "the name none.invalid is not resolved: offline?",
            "to do it by hand");
    assertNothingElse();
  }
}
