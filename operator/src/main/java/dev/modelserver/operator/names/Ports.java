package dev.modelserver.operator.names;

/** Ports of the pods: the names that Services, probes and monitors use, and the numbers. */
public final class Ports {
  /** Port of the data plane in template and Service. */
  public static final String HTTP = "http";

  /** Port of the gRPC data plane in template and Service. */
  public static final String GRPC = "grpc";

  /** Port of the probes in the template. */
  public static final String MANAGEMENT = "management";

  /** Number of the port {@code http} of a container. */
  public static final int HTTP_NUMBER = 8080;

  /** Number of the port {@code grpc}, of a container and of the Service. */
  public static final int GRPC_NUMBER = 9000;

  /** Number of the port {@code management} of a container. */
  public static final int MANAGEMENT_NUMBER = 8081;

  private Ports() {}
}
