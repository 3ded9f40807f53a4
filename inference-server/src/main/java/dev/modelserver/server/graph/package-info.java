/**
 * A model file as it stands: its graph, nodes and small constants, read without ONNX Runtime and
 * within limits; and what the graph alone proves.
 */
@NullMarked
package dev.modelserver.server.graph;

import org.jspecify.annotations.NullMarked;
