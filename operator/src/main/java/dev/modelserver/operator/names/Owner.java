package dev.modelserver.operator.names;

/** Identity of the ModelServer that owns the objects. */
public record Owner(String name, String namespace, String uid) {}
