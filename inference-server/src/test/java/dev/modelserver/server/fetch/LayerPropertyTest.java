package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.model.ModelDirectory;
import dev.modelserver.server.verdict.PreflightException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/**
 * Random stacks of layers, read from the uppermost down, against the plain way: applied to a map
 * from the lowest up.
 */
class LayerPropertyTest {

  private static final String LONG = "n".repeat(150);
  private static final List<String> NAMES = List.of("a", "b", "c", LONG);
  private static final byte[] LINK = "a link".getBytes(StandardCharsets.UTF_8);
  private static final byte[] FOLDER = new byte[0];

  /** What one layer says: entries, removed paths, emptied folders. */
  private record Layer(Map<String, byte[]> entries, Set<String> removed, Set<String> emptied) {}

  @Property(tries = 1500)
  void leavesWhatTheLayersLeave(@ForAll Random random) throws IOException, PreflightException {
    List<Layer> layers = new ArrayList<>();
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      layers.add(layer(random, layers.isEmpty()));
    }
    Map<String, byte[]> expected = new TreeMap<>();
    layers.forEach(layer -> apply(layer, expected));
    expected.keySet().removeIf(path -> !path.startsWith("models/") || expected.get(path) == FOLDER);

    Path directory = Files.createTempDirectory("layers");
    try {
      ModelStore store = new ModelStore(directory, 1 << 20);
      ImageFiles files =
          new ImageFiles(
              OciReference.parse("registry.example.com/m:1").orElseThrow(),
              Optional.of("models/a"));
      for (Layer layer : layers.reversed()) {
        byte[] tar = tar(layer, random);
        if (random.nextInt(4) == 0) {
          // an attempt that broke
          files.forget(store);
          files.read(limit(tar), store);
          files.forget(store);
        }
        files.read(limit(tar), store);
        files.descend();
      }

      assertThat(files.linked()).isEmpty();
      assertThat(files.names()).isEqualTo(expected.keySet());
      for (Map.Entry<String, byte[]> each : expected.entrySet()) {
        if (each.getValue() == LINK) {
          continue;
        }
        var _ = files.keep(each.getKey(), ModelDirectory.MODEL_FILE, store);
        assertThat(directory.resolve(ModelDirectory.MODEL_FILE)).hasBinaryContent(each.getValue());
      }
      files.clear(store);
      assertThat(directory.resolve("layers.part")).doesNotExist();
    } finally {
      delete(directory);
    }
    Statistics.label("left").collect(Math.min(3, expected.size()));
    Statistics.label("left")
        .coverage(
            left -> {
              left.check(0).percentage(share -> share > 2);
              left.check(3).percentage(share -> share > 10);
            });
    Statistics.label("forms")
        .coverage(
            forms -> {
              for (String form :
                  List.of(
                      "removed",
                      "emptied",
                      "folder replaces file",
                      "file replaces folder",
                      "link",
                      "long name")) {
                forms.check(form).count(count -> count > 100);
              }
            });
  }

  private static UnpackedLimit limit(byte[] tar) {
    return new UnpackedLimit(new ByteArrayInputStream(tar), 1 << 24);
  }

  /** Within a layer nothing contradicts itself: below a file there is nothing. */
  private static Layer layer(Random random, boolean lowest) {
    Layer layer = new Layer(new TreeMap<>(), new HashSet<>(), new HashSet<>());
    for (int i = random.nextInt(8); i > 0; i--) {
      String path = path(random);
      boolean contradicts =
          layer.entries.entrySet().stream()
              .anyMatch(
                  each ->
                      each.getKey().equals(path)
                          || each.getKey().startsWith(path + "/")
                          || (path.startsWith(each.getKey() + "/") && each.getValue() != FOLDER));
      if (contradicts) {
        continue;
      }
      byte[] content =
          switch (random.nextInt(6)) {
            case 0 -> FOLDER;
            case 1 -> LINK;
            default -> Integer.toString(random.nextInt()).getBytes(StandardCharsets.UTF_8);
          };
      layer.entries.put(path, content);
    }
    if (!lowest) {
      for (int i = random.nextInt(3); i > 0; i--) {
        layer.removed.add(path(random));
      }
      if (random.nextInt(4) == 0) {
        layer.emptied.add(random.nextBoolean() ? "models" : "models/" + name(random));
      }
      layer.emptied.removeIf(
          folder -> {
            byte[] there = layer.entries.get(folder);
            return there != null && there != FOLDER;
          });
    }
    return layer;
  }

  private static String path(Random random) {
    StringBuilder path = new StringBuilder(random.nextInt(8) == 0 ? "other" : "models");
    for (int depth = random.nextInt(1, 4); depth > 0; depth--) {
      path.append('/').append(name(random));
    }
    return path.toString();
  }

  private static String name(Random random) {
    return NAMES.get(random.nextInt(NAMES.size()));
  }

  private static void apply(Layer layer, Map<String, byte[]> state) {
    for (String path : layer.removed) {
      if (remove(path, state)) {
        Statistics.label("forms").collect("removed");
      }
    }
    for (String path : layer.emptied) {
      if (state.keySet().removeIf(each -> each.startsWith(path + "/"))) {
        Statistics.label("forms").collect("emptied");
      }
      makeFolder(path, state);
    }
    layer.entries.forEach(
        (path, content) -> {
          makeFolder(LayerStack.parent(path), state);
          if (content == FOLDER) {
            makeFolder(path, state);
            return;
          }
          if (state.get(path) == FOLDER) {
            Statistics.label("forms").collect("file replaces folder");
          }
          remove(path, state);
          state.put(path, content);
          if (content == LINK) {
            Statistics.label("forms").collect("link");
          }
          if (path.contains(LONG)) {
            Statistics.label("forms").collect("long name");
          }
        });
  }

  private static boolean remove(String path, Map<String, byte[]> state) {
    return state.keySet().removeIf(each -> each.equals(path) || each.startsWith(path + "/"));
  }

  private static void makeFolder(String path, Map<String, byte[]> state) {
    if (path.isEmpty()) {
      return;
    }
    makeFolder(LayerStack.parent(path), state);
    byte[] before = state.put(path, FOLDER);
    if (before != null && before != FOLDER) {
      Statistics.label("forms").collect("folder replaces file");
    }
  }

  /** In any order: what a layer hides, it hides below itself. */
  private static byte[] tar(Layer layer, Random random) {
    TestTar tar = new TestTar(random.nextBoolean());
    String root = List.of("", "./", "/").get(random.nextInt(3));
    List<Runnable> entries = new ArrayList<>();
    layer.entries.forEach(
        (path, content) ->
            entries.add(
                () -> {
                  if (content == FOLDER) {
                    tar.folder(root + path);
                  } else if (content == LINK) {
                    tar.symbolicLink(root + path, "/etc/passwd");
                  } else {
                    tar.file(root + path, content);
                  }
                }));
    for (String path : layer.removed) {
      String above = LayerStack.parent(path);
      entries.add(
          () -> tar.file(root + above + "/.wh." + path.substring(above.length() + 1), FOLDER));
    }
    for (String path : layer.emptied) {
      entries.add(() -> tar.file(root + path + "/.wh..wh..opq", FOLDER));
    }
    Collections.shuffle(entries, random);
    entries.forEach(Runnable::run);
    return tar.bytes();
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
