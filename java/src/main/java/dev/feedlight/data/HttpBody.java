package dev.feedlight.data;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The body of an answer, piece by piece, with a limit on how long a piece may take; the streams of
 * {@code java.net.http} wait for ever. At most one piece is asked for ahead, so a server that sends
 * without end fills no memory.
 */
final class HttpBody implements BodySubscriber<HttpBody>, AutoCloseable {
  private sealed interface Event {}

  private record Bytes(List<ByteBuffer> buffers) implements Event {}

  private record End() implements Event {}

  private record Broken(Throwable cause) implements Event {}

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final CompletableFuture<HttpBody> started = new CompletableFuture<>();
  private volatile Flow.Subscription subscription;

  @Override
  public CompletionStage<HttpBody> getBody() {
    return started;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    if (subscription == null) {
      subscription = given;
      started.complete(this);
    } else {
      given.cancel(); // Reactive Streams, rule 2.5
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    events.add(new Bytes(buffers));
  }

  @Override
  public void onError(Throwable cause) {
    events.add(new Broken(cause));
    started.completeExceptionally(cause); // for a failure before the start
  }

  @Override
  public void onComplete() {
    events.add(new End());
  }

  /**
   * Waits for the next piece.
   *
   * @return its buffers, or an empty list at the end
   * @throws TimeoutException if nothing comes in time
   * @throws IOException if the connection breaks
   */
  List<ByteBuffer> next(Duration timeout)
      throws InterruptedException, IOException, TimeoutException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      subscription.request(1);
      Event event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      switch (event) {
        case null -> throw new TimeoutException();
        case End _ -> {
          return List.of();
        }
        case Broken(Throwable cause) -> throw new IOException(cause.getMessage(), cause);
        case Bytes(List<ByteBuffer> buffers) -> {
          if (buffers.stream().anyMatch(ByteBuffer::hasRemaining)) {
            return buffers;
          }
        }
      }
    }
  }

  /** Gives the answer up: the connection is closed if bytes of it are outstanding. */
  @Override
  public void close() {
    subscription.cancel();
  }
}
