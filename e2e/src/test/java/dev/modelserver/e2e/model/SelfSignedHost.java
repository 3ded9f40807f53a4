package dev.modelserver.e2e.model;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * An https server in the test's own process whose certificate nobody known signed.
 *
 * @param identity its key and certificate
 */
public record SelfSignedHost(HttpsServer server, SelfSigned identity) {
  /** Starts one on an address; it lives as long as the process. */
  public static SelfSignedHost on(InetAddress address) {
    SelfSigned identity = SelfSigned.of("IP:" + address.getHostAddress());
    try {
      HttpsServer server = HttpsServer.create(new InetSocketAddress(address, 0), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(context(identity)));
      server.start();
      return new SelfSignedHost(server, identity);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK cannot serve https", e);
    }
  }

  /** The address of a path. */
  public String uri(String path) {
    return "https://"
        + server.getAddress().getAddress().getHostAddress()
        + ":"
        + server.getAddress().getPort()
        + path;
  }

  /** From now on the path answers a user with these bytes, and others with 401. */
  public void serve(String path, byte[] content, String user, String password) {
    server
        .createContext(
            path,
            exchange -> {
              try (exchange) {
                exchange.sendResponseHeaders(200, content.length);
                exchange.getResponseBody().write(content);
              }
            })
        .setAuthenticator(
            new BasicAuthenticator("models") {
              @Override
              public boolean checkCredentials(String givenUser, String givenPassword) {
                return givenUser.equals(user) && givenPassword.equals(password);
              }
            });
  }

  private static SSLContext context(SelfSigned identity) throws GeneralSecurityException {
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(identity.store(), SelfSigned.PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}
