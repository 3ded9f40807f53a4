package dev.modelserver.server.serve;

import io.quarkus.runtime.Quarkus;
import java.lang.reflect.Proxy;

/**
 * Makes SIGTERM and SIGINT an ordinary exit of the application. Left to the JVM, a signal starts
 * all exit hooks at once, and ONNX Runtime's frees its environment while the drain still answers
 * requests with it.
 *
 * <p>The JDK's signal class is called by reflection: it is exported for this use, but the compiler
 * has no way to allow it.
 */
final class ExitSignal {

  private ExitSignal() {}

  static void install() {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object exit =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  Quarkus.asyncExit(0);
                }
                return null;
              });
      for (String name : new String[] {"TERM", "INT"}) {
        signal
            .getMethod("handle", signal, handler)
            .invoke(null, signal.getConstructor(String.class).newInstance(name), exit);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JVM does not hand signals over", e);
    }
  }
}
