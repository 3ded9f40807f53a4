package dev.modelserver.server.graph;

/** An input, output or inner value with the type that the file declares. */
public record Value(String name, ValueType type, Place place) {}
