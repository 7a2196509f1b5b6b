package dev.feedlight.data;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks one URL (RFC 9110) for its bytes, and follows it where it moved. */
final class WebGet {
  /** As many as {@code java.net.http} follows by itself. */
  private static final int MAX_REDIRECTS = 5;

  private final HttpClient client;
  private final DownloadSettings settings;

  WebGet(HttpClient client, DownloadSettings settings) {
    this.client = client;
    this.settings = settings;
  }

  /**
   * Asks.
   *
   * @param url where
   * @param headers sent beside the usual ones, by name
   * @return the answer that is no redirect, whatever its status; its body is to be closed
   * @throws FailedAttempt if there is none
   */
  HttpResponse<HttpBody> answer(URI url, Map<String, String> headers)
      throws FailedAttempt, InterruptedException {
    URI place = url;
    for (int hops = 0; ; hops++) {
      HttpResponse<HttpBody> response = send(request(place, headers), place);
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

  private static HttpRequest request(URI place, Map<String, String> headers) {
    // No timeout of the request itself: since JDK 26 it would hold for the whole body.
    HttpRequest.Builder request =
        HttpRequest.newBuilder(place)
            .header("Accept-Encoding", "identity")
            .header("User-Agent", "feedlight");
    headers.forEach(request::header);
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

  /** What to throw for an answer of another status than wanted. */
  static FailedAttempt refused(HttpResponse<?> response) {
    int status = response.statusCode();
    String range = response.headers().firstValue("Content-Range").orElse("");
    String message = "HTTP status " + status + (range.isEmpty() ? "" : ", '" + range + "'");
    return status == 408 || status == 429 || status >= 500
        ? FailedAttempt.passing(message, null)
        : FailedAttempt.lasting(message, null);
  }

  static String seconds(Duration time) {
    return time.toMillis() / 1000.0 + " s";
  }
}
