package dev.modelserver.server.fetch;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Turns the name of a host into addresses; may block for as long as the system's resolver does. */
@FunctionalInterface
interface HostLookup {

  InetAddress[] addresses(String host) throws UnknownHostException;

  /** The same within a time: the resolver has none of its own, so another thread waits for it. */
  default InetAddress[] addresses(String host, Duration patience)
      throws UnknownHostException, TimeoutException, InterruptedException {
    FutureTask<InetAddress[]> lookup = new FutureTask<>(() -> addresses(host));
    var _ = Thread.ofPlatform().daemon().name("host-lookup").start(lookup);
    try {
      return lookup.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownHostException unknown) {
        throw unknown;
      }
      throw new IllegalStateException("the look-up of a host failed", e.getCause());
    }
  }
}
