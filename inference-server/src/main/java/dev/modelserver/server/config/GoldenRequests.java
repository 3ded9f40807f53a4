package dev.modelserver.server.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the golden requests of the configuration. */
final class GoldenRequests {

  private static final String FIELD = "verification";
  private static final int MOST = 20;

  private GoldenRequests() {}

  static List<GoldenRequest> read(ConfigNode top) throws ConfigurationException {
    List<ConfigNode> nodes = top.objects(FIELD);
    if (nodes.size() > MOST) {
      throw new ConfigurationException(
          FIELD + " has " + nodes.size() + " golden requests; at most " + MOST + " are run");
    }
    List<GoldenRequest> requests = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (ConfigNode node : nodes) {
      String name = node.required("name");
      if (!names.add(name)) {
        throw new ConfigurationException(
            node.path() + "name is \"" + name + "\" for a second time; names are unique");
      }
      requests.add(
          new GoldenRequest(
              name, present(node, "request"), present(node, "expect"), tolerance(node)));
    }
    return List.copyOf(requests);
  }

  private static JsonNode present(ConfigNode node, String field) throws ConfigurationException {
    JsonNode object = node.object(field).node();
    if (object.isMissingNode()) {
      throw new ConfigurationException(node.path() + field + " is missing; it takes an object");
    }
    return object;
  }

  /** One that is not given is 0 when the other is: who says 0.01 means 0.01. */
  private static Tolerance tolerance(ConfigNode node) throws ConfigurationException {
    ConfigNode given = node.object("tolerance");
    Double absolute = given.number("absolute");
    Double relative = given.number("relative");
    if (absolute == null && relative == null) {
      return Tolerance.DEFAULT;
    }
    return new Tolerance(
        positive(given, "absolute", absolute), positive(given, "relative", relative), true);
  }

  private static double positive(ConfigNode node, String field, @Nullable Double value)
      throws ConfigurationException {
    if (value == null) {
      return 0;
    }
    if (!(value >= 0 && Double.isFinite(value))) {
      throw new ConfigurationException(
          node.path() + field + " is " + value + "; it takes a number from 0");
    }
    return value;
  }
}
