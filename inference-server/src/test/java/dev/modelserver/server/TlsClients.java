package dev.modelserver.server;

import dev.modelserver.server.secret.TestCertificate;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Clients of other libraries that trust certificates of a test. */
public final class TlsClients implements AutoCloseable {

  private final ServerProcess server;
  private final TrustManagerFactory trust;
  private final SSLContext context;
  private final List<ManagedChannel> channels = new ArrayList<>();

  public TlsClients(ServerProcess server, TestCertificate... trusted)
      throws GeneralSecurityException, IOException {
    this.server = server;
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (int i = 0; i < trusted.length; i++) {
      store.setCertificateEntry("c" + i, trusted[i].certificate());
    }
    trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
  }

  public SSLContext context() {
    return context;
  }

  public HttpClient http(HttpClient.Version version) {
    return HttpClient.newBuilder()
        .version(version)
        .sslContext(context)
        .connectTimeout(Duration.ofSeconds(10))
        .build();
  }

  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + path))
        .timeout(Duration.ofSeconds(30));
  }

  /** Sends one request over a connection of its own. */
  public HttpResponse<String> send(HttpRequest.Builder request, HttpClient.Version version)
      throws IOException, InterruptedException {
    try (HttpClient client = http(version)) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  public Channel grpc() throws IOException {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("localhost", server.grpcPort())
            .sslContext(GrpcSslContexts.forClient().trustManager(trust).build())
            .build();
    channels.add(channel);
    return channel;
  }

  public static Channel with(Channel channel, String authorization) {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), authorization);
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }
}
