package dev.modelserver.server.openinference;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the JSON of a request says. Filled by one reader. */
final class RequestHead {

  @Nullable String id;
  final List<InputHead> inputs = new ArrayList<>();
  final List<WantedOutput> outputs = new ArrayList<>();
  boolean binaryOutputs;
  @Nullable Duration timeout;
}
