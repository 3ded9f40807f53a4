package dev.modelserver.server.config;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A request whose answer is known.
 *
 * @param name what people call it, unique among all
 * @param request the body of {@code POST /predict}
 * @param expect the fields that the answer must have, with their values
 * @param tolerance how far numbers may be off
 */
public record GoldenRequest(String name, JsonNode request, JsonNode expect, Tolerance tolerance) {}
