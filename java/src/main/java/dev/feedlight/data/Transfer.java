package dev.feedlight.data;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One attempt to fetch a file from one URL (RFC 9110): the rest of it where a part is there and the
 * server gives ranges, else all of it. Ends with a part of exactly the declared size, whose
 * checksum is still to be compared.
 */
final class Transfer {
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

  private final HttpClient client;
  private final DownloadSettings settings;
  private final RemoteFile file;
  private final URI url;
  private final PartFile part;

  Transfer(HttpClient client, DownloadSettings settings, RemoteFile file, URI url, PartFile part) {
    this.client = client;
    this.settings = settings;
    this.file = file;
    this.url = url;
    this.part = part;
  }

  /**
   * Fetches.
   *
   * @param progress is told the size of the part
   * @throws FailedAttempt if the network or the server fails; the part keeps what may be right
   */
  void run(LongConsumer progress) throws FailedAttempt, InterruptedException {
    if (part.size() >= file.bytes()) {
      part.discard();
    }
    Optional<String> etag = part.etag(url);
    HttpResponse<HttpBody> response = new WebGet(client, settings).answer(url, range(etag));
    try (HttpBody body = response.body()) {
      switch (response.statusCode()) {
        case 200 -> {
          requireLength(response, file.bytes());
          part.restart(url, response.headers().firstValue("ETag"));
        }
        case 206 -> requireRest(response, etag);
        default -> throw WebGet.refused(response);
      }
      progress.accept(part.size());
      receive(body, progress);
    }
  }

  private Map<String, String> range(Optional<String> etag) {
    Map<String, String> headers = new LinkedHashMap<>();
    if (part.size() > 0) {
      headers.put("Range", "bytes=" + part.size() + "-");
      etag.ifPresent(tag -> headers.put("If-Range", tag));
    }
    return headers;
  }

  /** Refuses an answer whose declared length, if it declares one, is not that of the file. */
  private static void requireLength(HttpResponse<?> response, long bytes) throws FailedAttempt {
    long declared = response.headers().firstValueAsLong("Content-Length").orElse(bytes);
    if (declared != bytes) {
      throw FailedAttempt.lasting(
          "offers " + declared + " bytes where " + bytes + " are expected", null);
    }
  }

  private void requireRest(HttpResponse<?> response, Optional<String> etag)
      throws FailedAttempt, InterruptedException {
    String range = response.headers().firstValue("Content-Range").orElse("");
    Matcher matcher = CONTENT_RANGE.matcher(range);
    if (!matcher.matches()
        || Long.parseLong(matcher.group(1)) != part.size()
        || Long.parseLong(matcher.group(2)) >= file.bytes()
        || !List.of("*", String.valueOf(file.bytes())).contains(matcher.group(3))) {
      throw FailedAttempt.lasting(
          String.format(
              Locale.ROOT,
              "asked for bytes %d to %d of %d, gives '%s'",
              part.size(),
              file.bytes() - 1,
              file.bytes(),
              range),
          null);
    }
    Optional<String> now = response.headers().firstValue("ETag").filter(PartFile::isStrong);
    if (etag.isPresent() && now.isPresent() && !now.equals(etag)) {
      long size = part.size();
      part.discard();
      throw FailedAttempt.passing(
          "has another version, " + now.get() + ", than that of the first " + size + " bytes",
          null);
    }
  }

  private void receive(HttpBody body, LongConsumer progress)
      throws FailedAttempt, InterruptedException {
    while (true) {
      List<ByteBuffer> buffers;
      try {
        buffers = body.next(settings.stallTimeout());
      } catch (TimeoutException e) {
        throw FailedAttempt.passing(
            "nothing came for " + WebGet.seconds(settings.stallTimeout()) + soFar(), e);
      } catch (IOException e) {
        throw FailedAttempt.passing("the connection broke" + soFar() + ": " + e.getMessage(), e);
      }
      if (buffers.isEmpty()) {
        break;
      }
      for (ByteBuffer buffer : buffers) {
        requireRoom(buffer.remaining());
        part.append(buffer);
      }
      progress.accept(part.size());
    }
    if (part.size() < file.bytes()) {
      throw FailedAttempt.passing("the answer ended" + soFar(), null);
    }
  }

  private void requireRoom(int more) throws FailedAttempt, InterruptedException {
    if (more > file.bytes() - part.size()) {
      part.discard();
      throw FailedAttempt.lasting("sends more than the " + file.bytes() + " bytes expected", null);
    }
  }

  private String soFar() {
    return " after " + part.size() + " of " + file.bytes() + " bytes";
  }
}
