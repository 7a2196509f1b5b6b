package dev.feedlight.data;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
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
  /** As many as {@code java.net.http} follows by itself. */
  private static final int MAX_REDIRECTS = 5;

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
    HttpResponse<HttpBody> response = answer(etag);
    try (HttpBody body = response.body()) {
      switch (response.statusCode()) {
        case 200 -> {
          requireLength(response, file.bytes());
          part.restart(url, response.headers().firstValue("ETag"));
        }
        case 206 -> requireRest(response, etag);
        default -> throw refused(response);
      }
      progress.accept(part.size());
      receive(body, progress);
    }
  }

  private HttpResponse<HttpBody> answer(Optional<String> etag)
      throws FailedAttempt, InterruptedException {
    URI place = url;
    for (int hops = 0; ; hops++) {
      HttpResponse<HttpBody> response = send(request(place, etag), place);
      switch (response.statusCode()) {
        case 301, 302, 303, 307, 308 -> {
          response.body().close();
          if (hops == MAX_REDIRECTS) {
            throw FailedAttempt.lasting("more than " + MAX_REDIRECTS + " redirects", null);
          }
          place = redirected(place, response.headers().firstValue("Location").orElse(""));
        }
        default -> {
          return response;
        }
      }
    }
  }

  private HttpRequest request(URI place, Optional<String> etag) {
    // No timeout of the request itself: since JDK 26 it would hold for the whole body.
    HttpRequest.Builder request =
        HttpRequest.newBuilder(place)
            .header("Accept-Encoding", "identity")
            .header("User-Agent", "feedlight");
    if (part.size() > 0) {
      request.header("Range", "bytes=" + part.size() + "-");
      etag.ifPresent(tag -> request.header("If-Range", tag));
    }
    return request.build();
  }

  /** The place a redirect leads to; never from a protected connection to an open one. */
  static URI redirected(URI from, String location) throws FailedAttempt {
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw FailedAttempt.lasting("redirected to '" + location + "', which is no URL", e);
    }
    if (location.isEmpty() || !RemoteFile.isWeb(to)) {
      throw FailedAttempt.lasting(
          "redirected to '" + location + "', which is no http(s) URL", null);
    }
    if (from.getScheme().equalsIgnoreCase("https") && !to.getScheme().equalsIgnoreCase("https")) {
      throw FailedAttempt.lasting("redirected from https to " + to + ": not followed", null);
    }
    return to;
  }

  private HttpResponse<HttpBody> send(HttpRequest request, URI place)
      throws FailedAttempt, InterruptedException {
    CompletableFuture<HttpResponse<HttpBody>> answer =
        client.sendAsync(request, _ -> new HttpBody());
    Duration longest = settings.connectTimeout().plus(settings.stallTimeout());
    try {
      return answer.get(longest.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw FailedAttempt.passing("no answer within " + seconds(longest), e);
    } catch (ExecutionException e) {
      throw failed(e.getCause(), place);
    } finally {
      answer.cancel(true); // does nothing once there is an answer
    }
  }

  private FailedAttempt failed(Throwable cause, URI place) {
    return switch (cause) {
      case DownloadException e -> throw e; // the proxies cannot be used
      case Error e -> throw e;
      case HttpConnectTimeoutException e ->
          FailedAttempt.passing(
              "no connection within " + seconds(settings.connectTimeout()) + through(place), e);
      case ConnectException e when isCausedBy(UnresolvedAddressException.class, e) ->
          FailedAttempt.lasting(
              "the name " + place.getHost() + " is not resolved" + through(place) + ": offline?",
              e);
      case ConnectException e ->
          FailedAttempt.passing("no connection to " + place.getAuthority() + through(place), e);
      case IOException e when isCausedBy(GeneralSecurityException.class, e) ->
          FailedAttempt.lasting("its certificate fails: " + e.getMessage() + through(place), e);
      default -> FailedAttempt.passing("no answer: " + cause.getMessage() + through(place), cause);
    };
  }

  private static boolean isCausedBy(Class<?> kind, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (kind.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  private String through(URI place) {
    Proxy proxy = settings.proxies().select(place).getFirst();
    return proxy.type() == Proxy.Type.DIRECT ? "" : " through the proxy " + proxy.address();
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

  private static FailedAttempt refused(HttpResponse<?> response) {
    int status = response.statusCode();
    String range = response.headers().firstValue("Content-Range").orElse("");
    String message = "HTTP status " + status + (range.isEmpty() ? "" : ", '" + range + "'");
    return status == 408 || status == 429 || status >= 500
        ? FailedAttempt.passing(message, null)
        : FailedAttempt.lasting(message, null);
  }

  private void receive(HttpBody body, LongConsumer progress)
      throws FailedAttempt, InterruptedException {
    while (true) {
      List<ByteBuffer> buffers;
      try {
        buffers = body.next(settings.stallTimeout());
      } catch (TimeoutException e) {
        throw FailedAttempt.passing(
            "nothing came for " + seconds(settings.stallTimeout()) + soFar(), e);
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

  private static String seconds(Duration time) {
    return time.toMillis() / 1000.0 + " s";
  }
}
