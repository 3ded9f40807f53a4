package dev.modelserver.server.model;

/** Which model this is: the name and version people gave it, and the digest that cannot lie. */
public record ModelIdentity(String name, String version, Digest digest) {}
