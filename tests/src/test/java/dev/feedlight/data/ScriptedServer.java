package dev.feedlight.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * An HTTP server on this machine that answers its connections, one after the other, as a script
 * says; the last answer repeats. It writes what it is told, so it can lie in every way.
 */
public final class ScriptedServer implements AutoCloseable {
  /** What is done with one request. */
  @FunctionalInterface
  public interface Answer {
    /** Answers; the connection is closed afterwards. */
    void to(Request request, OutputStream out) throws IOException, InterruptedException;
  }

  /**
   * A request.
   *
   * @param line method, target and version
   * @param headers by name, any case
   */
  public record Request(String line, Map<String, String> headers) {
    /** The path that is asked for, or the whole URL if the server is taken for a proxy. */
    public String target() {
      return line.substring(line.indexOf(' ') + 1, line.lastIndexOf(' '));
    }

    /** The first byte asked for; 0 if no range is. */
    int first() {
      String range = headers.getOrDefault("Range", "bytes=0-");
      return Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
    }
  }

  private final ServerSocket socket;
  private final List<Answer> script;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  private ScriptedServer(List<Answer> script) throws IOException {
    this.script = script;
    this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
  }

  /** Starts a server. */
  public static ScriptedServer of(Answer... script) throws IOException {
    return new ScriptedServer(List.of(script));
  }

  /** Where it is, with a slash at the end. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
  }

  /** A URL of a file on it. */
  URI url(String name) {
    return url().resolve(name);
  }

  /** What was asked so far. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  private void serve() {
    int number = 0;
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        open.add(connection);
        Answer answer = script.get(Math.min(number++, script.size() - 1));
        Thread.ofVirtual().start(() -> serve(connection, answer));
      } catch (IOException _) {
        return; // closed
      }
    }
  }

  private void serve(Socket connection, Answer answer) {
    try (connection) {
      Request request = read(connection);
      requests.add(request);
      answer.to(request, connection.getOutputStream());
      connection.getOutputStream().flush();
    } catch (IOException _) {
      // The other side has gone: that is its right.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static Request read(Socket connection) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
    String line = in.readLine();
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String header = in.readLine();
        header != null && !header.isEmpty();
        header = in.readLine()) {
      int colon = header.indexOf(':');
      headers.put(header.substring(0, colon), header.substring(colon + 1).strip());
    }
    return new Request(String.valueOf(line), headers);
  }

  @Override
  public void close() throws IOException {
    socket.close();
    for (Socket connection : open) {
      connection.close();
    }
  }

  /** A status line, headers and a body, as they are given. */
  public static Answer raw(String status, List<String> headers, byte[] body) {
    return (_, out) -> {
      List<String> lines = new ArrayList<>(List.of("HTTP/1.1 " + status));
      lines.addAll(headers);
      lines.add("Connection: close");
      out.write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
      out.write(body);
    };
  }

  /** The whole body with its length, whatever range is asked for. */
  public static Answer whole(byte[] body, String... headers) {
    return cut(body, body.length, headers);
  }

  /** The length of the whole body, and its first bytes. */
  static Answer cut(byte[] body, int sent, String... headers) {
    List<String> all = new ArrayList<>(List.of(headers));
    all.add("Content-Length: " + body.length);
    return raw("200 OK", all, Arrays.copyOf(body, sent));
  }

  /** An honest server: ranges, and If-Range against this entity tag. */
  static Answer ranged(byte[] body, String etag) {
    return (request, out) -> {
      String condition = request.headers().getOrDefault("If-Range", etag);
      int first = condition.equals(etag) ? request.first() : 0;
      if (first == 0) {
        whole(body, "ETag: " + etag).to(request, out);
      } else {
        part(body, first, etag).to(request, out);
      }
    };
  }

  /** The body from a byte on, as an answer to a range. */
  static Answer part(byte[] body, int first, String etag) {
    String range = "Content-Range: bytes %d-%d/%d".formatted(first, body.length - 1, body.length);
    return raw(
        "206 Partial Content",
        List.of(range, "Content-Length: " + (body.length - first), "ETag: " + etag),
        Arrays.copyOfRange(body, first, body.length));
  }

  /** A status without a body. */
  public static Answer status(String status) {
    return raw(status, List.of("Content-Length: 0"), new byte[0]);
  }

  /** A redirect. */
  static Answer redirect(String location) {
    return raw("302 Found", List.of("Content-Length: 0", "Location: " + location), new byte[0]);
  }

  /** An answer after which nothing comes for ever, not even the end. */
  public static Answer stalling(Answer beginning) {
    return (request, out) -> {
      beginning.to(request, out);
      out.flush();
      new CountDownLatch(1).await();
    };
  }

  /** Nothing at all. */
  static Answer nothing() {
    return (_, _) -> {};
  }

  /** The body, and then more for as long as anyone takes it. */
  static Answer endless(byte[] body, String... headers) {
    return (request, out) -> {
      raw("200 OK", List.of(headers), body).to(request, out);
      byte[] more = new byte[1 << 16];
      while (true) {
        out.write(more);
      }
    };
  }
}
