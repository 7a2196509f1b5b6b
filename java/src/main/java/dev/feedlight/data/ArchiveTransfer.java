package dev.feedlight.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.zip.ZipException;

/**
 * One attempt to fetch files of an archive from one URL: it is unpacked while it comes, and nothing
 * of it is kept but the files that are wanted, each in its place as soon as it is whole and right.
 * A next attempt begins with the archive again, but leaves these out.
 */
final class ArchiveTransfer {
  private static final int BUFFER_BYTES = 1 << 16;

  private final WebGet web;
  private final Duration stall;
  private final Path directory;
  private final DownloadListener listener;
  private final Map<String, RemoteFile> wanted = new LinkedHashMap<>();

  /** Prepares to fetch files that are not there, or are to be replaced. */
  ArchiveTransfer(
      WebGet web,
      Duration stall,
      Path directory,
      List<RemoteFile> wanted,
      DownloadListener listener) {
    this.web = web;
    this.stall = stall;
    this.directory = directory;
    this.listener = listener;
    wanted.forEach(file -> this.wanted.put(file.name(), file));
  }

  /** Those that have not come yet. */
  List<RemoteFile> missing() {
    return List.copyOf(wanted.values());
  }

  /**
   * Fetches.
   *
   * @throws FailedAttempt if the network, the server or the archive fails
   */
  void run(URI url) throws FailedAttempt, InterruptedException {
    HttpResponse<HttpBody> response = web.answer(url, Map.of());
    try (HttpBody body = response.body()) {
      if (response.statusCode() != 200) {
        throw WebGet.refused(response);
      }
      unpack(new BodyStream(body));
    }
    if (!wanted.isEmpty()) {
      throw FailedAttempt.lasting("the archive does not hold " + wanted.keySet(), null);
    }
  }

  private void unpack(InputStream packed) throws FailedAttempt, InterruptedException {
    try (TarInput tar = new TarInput(new GzipInput(packed))) {
      for (TarInput.Entry entry = tar.next();
          entry != null && !wanted.isEmpty();
          entry = tar.next()) {
        RemoteFile file = wanted.get(entry.name());
        if (file != null) {
          keep(tar, entry, file);
        }
      }
    } catch (ZipException e) {
      throw FailedAttempt.lasting("no sound tar.gz: " + e.getMessage(), e);
    } catch (EOFException e) {
      throw FailedAttempt.passing("the archive broke off: " + e.getMessage(), e);
    } catch (InterruptedStream e) {
      throw (InterruptedException) e.getCause();
    } catch (IOException e) {
      throw FailedAttempt.passing(e.getMessage(), e);
    }
  }

  private void keep(TarInput tar, TarInput.Entry entry, RemoteFile file)
      throws IOException, FailedAttempt, InterruptedException {
    if (entry.bytes() != file.bytes()) {
      throw FailedAttempt.lasting(
          String.format(
              Locale.ROOT, "its %s has %d bytes, not %d", file.name(), entry.bytes(), file.bytes()),
          null);
    }
    try (PartFile part = PartFile.open(directory, file)) {
      part.discard();
      try {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int count = tar.read(buffer); count >= 0; count = tar.read(buffer)) {
          part.append(ByteBuffer.wrap(buffer, 0, count));
          listener.onProgress(file, part.size());
        }
      } catch (IOException e) {
        part.discard(); // no archive is gone on with in its middle
        throw e;
      }
      if (!part.isRight()) {
        part.discard();
        throw FailedAttempt.lasting(
            "its " + file.name() + " has not the SHA-256 " + file.sha256(), null);
      }
      listener.onFetched(file, part.publish());
      wanted.remove(file.name());
    }
  }

  /** An interruption, through methods of streams. */
  private static final class InterruptedStream extends IOException {
    private static final long serialVersionUID = 1L;

    InterruptedStream(InterruptedException cause) {
      super(cause);
    }
  }

  /** The body of an answer as a stream that does not wait for ever. */
  private final class BodyStream extends InputStream {
    private final HttpBody body;
    private final byte[] one = new byte[1];
    private List<ByteBuffer> buffers = List.of();
    private long done;

    BodyStream(HttpBody body) {
      this.body = body;
    }

    @Override
    public int read() throws IOException {
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      for (ByteBuffer buffer : buffers) {
        if (buffer.hasRemaining()) {
          int count = Math.min(length, buffer.remaining());
          buffer.get(target, offset, count);
          done += count;
          return count;
        }
      }
      try {
        buffers = body.next(stall);
      } catch (TimeoutException e) {
        throw new IOException("nothing came for " + WebGet.seconds(stall) + soFar(), e);
      } catch (InterruptedException e) {
        throw new InterruptedStream(e);
      } catch (IOException e) {
        throw new IOException("the connection broke" + soFar() + ": " + e.getMessage(), e);
      }
      return buffers.isEmpty() ? -1 : read(target, offset, length);
    }

    private String soFar() {
      return " after " + done + " bytes of the archive";
    }
  }
}
