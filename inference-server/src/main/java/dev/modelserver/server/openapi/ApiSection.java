package dev.modelserver.server.openapi;

import dev.modelserver.server.inference.ServedModel;
import java.util.List;

/** What a package with routes adds to the document. */
public interface ApiSection {

  /**
   * The operations that clients of this model can call. Pure: the same model and values, the same
   * operations.
   *
   * @param values what example requests are made of
   */
  List<Operation> operations(ServedModel model, ExampleValues values);
}
