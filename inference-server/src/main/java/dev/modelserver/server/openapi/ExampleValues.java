package dev.modelserver.server.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.modelserver.server.tensor.DataType;

/**
 * Values for requests that are shown. They are made up: a signature tells types, not what is
 * sensible.
 */
public enum ExampleValues {
  /** Tenths from 0.1 to 0.9, which tell positions apart; ones; words. */
  SMALL,
  /** For models that refuse the others, which may be out of range for an index. */
  ZERO;

  /** More would drown the document. */
  public static final int MAX_VALUES = 1000;

  private static final int TENTHS = 9;

  /** The value at a position of a row. */
  public JsonNode at(DataType type, int position) {
    return switch (type) {
      case BOOL -> BooleanNode.valueOf(this == SMALL);
      case BYTES -> TextNode.valueOf(this == SMALL ? "text" : "");
      case FP16, BF16, FP32, FP64 ->
          DoubleNode.valueOf(this == SMALL ? (position % TENTHS + 1) / 10.0 : 0);
      case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 ->
          IntNode.valueOf(this == SMALL ? 1 : 0);
    };
  }
}
