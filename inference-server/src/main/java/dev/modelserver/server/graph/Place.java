package dev.modelserver.server.graph;

/** Where a field lies in the file, in bytes: its tag, what it holds, its end. */
public record Place(long start, long content, long end) {}
