package dev.modelserver.server;

import dev.modelserver.server.secret.MountedSecret;
import dev.modelserver.server.secret.TestCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A server with a certificate and with one client, and callers who trust it; to be registered as an
 * extension, it runs for all tests of a class.
 */
public final class SecuredServer implements BeforeAllCallback, AfterAllCallback {

  public static final String MODEL = "integer-labels";

  /** Of the client "web". */
  public static final String TOKEN = "0123456789abcdef0123456789abcdef";

  private static final TestCertificate CERTIFICATE =
      TestCertificate.of("-keyalg EC -groupname secp256r1", "localhost");

  private final Path secrets;
  private final ServerProcess server;
  private final TlsClients clients;

  private SecuredServer(String model, String mode, Map<String, String> more)
      throws IOException, GeneralSecurityException {
    secrets = Files.createTempDirectory("secrets");
    CERTIFICATE.write(secrets.resolve("tls"));
    MountedSecret.of(secrets.resolve("tokens")).put("web", TOKEN + "\n").swap();
    Map<String, String> variables = new HashMap<>(more);
    variables.put("MODELSERVER_TLS_DIR", secrets.resolve("tls").toString());
    variables.put("MODELSERVER_TOKENS_DIR", secrets.resolve("tokens").toString());
    server = ServerProcess.of(model, config(mode), variables);
    clients = new TlsClients(server, CERTIFICATE);
  }

  /** One of the model {@link #MODEL}. */
  public static SecuredServer create(String mode, Map<String, String> variables) {
    return create(MODEL, mode, variables);
  }

  /**
   * One that is not started yet.
   *
   * @param mode of TLS and of the tokens
   * @param variables further ones of its environment
   */
  static SecuredServer create(String model, String mode, Map<String, String> variables) {
    try {
      return new SecuredServer(model, mode, variables);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** TLS and tokens, both in a mode, by the Secrets m-tls and m-tokens. */
  static String config(String mode) {
    return ("{\"tls\":{\"mode\":\"%1$s\",\"secretName\":\"m-tls\",\"names\":[\"localhost\"]},"
            + "\"authentication\":{\"mode\":\"%1$s\",\"secretName\":\"m-tokens\"}}")
        .formatted(mode);
  }

  public ServerProcess server() {
    return server;
  }

  public TlsClients clients() {
    return clients;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException, InterruptedException {
    server.beforeAll(context);
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    clients.close();
    server.afterAll(context);
    try (Stream<Path> files = Files.walk(secrets)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
