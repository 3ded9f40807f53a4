package dev.modelserver.operator.status;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.lib.jse.JsePlatform;

/** Runs the shipped health check as Argo CD does: the object is the global {@code obj}. */
final class ArgoCd {
  private static final Path CHECK = Path.of("../docs/argocd/health.lua");

  private ArgoCd() {}

  /** Status and message that the check returns. */
  record Health(String status, String message) {}

  static Health health(JsonNode object) throws IOException {
    Globals globals = JsePlatform.standardGlobals();
    globals.set("obj", value(object));
    LuaValue returned = globals.load(Files.readString(CHECK), "health.lua").call();
    return new Health(
        returned.get("status").checkjstring(), returned.get("message").checkjstring());
  }

  private static LuaValue value(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> {
        LuaTable table = new LuaTable();
        node.properties()
            .forEach(
                field -> {
                  if (!field.getValue().isNull()) {
                    table.set(field.getKey(), value(field.getValue()));
                  }
                });
        yield table;
      }
      case ARRAY -> {
        LuaTable table = new LuaTable();
        for (int i = 0; i < node.size(); i++) {
          table.set(i + 1, value(node.get(i)));
        }
        yield table;
      }
      case NUMBER -> LuaValue.valueOf(node.asDouble());
      case BOOLEAN -> LuaValue.valueOf(node.asBoolean());
      case STRING -> LuaValue.valueOf(node.asText());
      default -> LuaValue.NIL;
    };
  }
}
