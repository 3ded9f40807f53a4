package dev.modelserver.server.graph.edit;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import dev.modelserver.server.graph.Place;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Fields of a model file with others in their places. The lengths of the messages around them are
 * adapted when the edited model is written.
 */
public final class ModelEdits {

  private sealed interface Part {

    Place place();

    /** Its bytes once it is edited. */
    long size();
  }

  private record Edit(Place place, ByteString content) implements Part {
    @Override
    public long size() {
      return content.size();
    }
  }

  /** A message with edits inside. */
  private record Outer(Place place, int tag, List<Part> parts) implements Part {

    long contentSize() {
      long size = place.end() - place.content();
      for (Part part : parts) {
        size += part.size() - (part.place().end() - part.place().start());
      }
      return size;
    }

    @Override
    public long size() {
      long content = contentSize();
      return CodedOutputStream.computeUInt32SizeNoTag(tag)
          + CodedOutputStream.computeUInt64SizeNoTag(content)
          + content;
    }

    Outer inside(Place message) {
      for (Part part : parts) {
        if (part instanceof Outer outer && outer.place.equals(message)) {
          return outer;
        }
      }
      Outer outer = new Outer(message, 0, new ArrayList<>());
      parts.add(outer);
      return outer;
    }
  }

  private record Replacement(List<Place> around, Edit edit) {}

  private final List<Replacement> replacements = new ArrayList<>();

  public boolean isEmpty() {
    return replacements.isEmpty();
  }

  /**
   * Puts other fields in the place of one.
   *
   * @param around the messages that it lies in, the outermost first, without the model itself
   * @param field the whole field
   * @param content fields with their tags; empty: it is left out
   */
  public void replace(List<Place> around, Place field, ByteString content) {
    replacements.add(new Replacement(List.copyOf(around), new Edit(field, content)));
  }

  /** Adds the edits of another list, none of which may overlap one of these. */
  public ModelEdits and(ModelEdits others) {
    ModelEdits all = new ModelEdits();
    all.replacements.addAll(replacements);
    all.replacements.addAll(others.replacements);
    return all;
  }

  /** The size of the edited model in bytes. */
  public long size(Path file) throws IOException {
    try (FileChannel in = FileChannel.open(file)) {
      return tree(in).contentSize();
    }
  }

  /**
   * The edited model.
   *
   * @param arena whose memory holds it
   */
  public ByteBuffer apply(Path file, Arena arena) throws IOException {
    try (FileChannel in = FileChannel.open(file)) {
      Outer model = tree(in);
      ByteBuffer out = arena.allocate(model.contentSize()).asByteBuffer();
      write(model, in, out);
      return out.flip();
    }
  }

  /** The model as a message without a tag. */
  private Outer tree(FileChannel in) throws IOException {
    Outer model = new Outer(new Place(0, 0, in.size()), 0, new ArrayList<>());
    for (Replacement replacement : replacements) {
      Outer outer = model;
      for (Place message : replacement.around) {
        outer = outer.inside(message);
      }
      outer.parts.add(replacement.edit);
    }
    return ordered(model, in);
  }

  /** With parts in the order of the file, and tags as they are there. */
  private static Outer ordered(Outer outer, FileChannel in) throws IOException {
    List<Part> parts = new ArrayList<>();
    for (Part part : outer.parts) {
      parts.add(part instanceof Outer inner ? ordered(inner, in) : part);
    }
    parts.sort(Comparator.comparingLong(part -> part.place().start()));
    long from = outer.place.content();
    for (Part part : parts) {
      if (part.place().start() < from || part.place().end() > outer.place.end()) {
        throw new IllegalArgumentException("the edits of the model overlap");
      }
      from = part.place().end();
    }
    return new Outer(outer.place, tag(outer.place, in), parts);
  }

  private static int tag(Place place, FileChannel in) throws IOException {
    if (place.content() == 0) {
      return 0;
    }
    ByteBuffer header = ByteBuffer.allocate(Math.toIntExact(place.content() - place.start()));
    copy(in, place.start(), place.content(), header);
    return CodedInputStream.newInstance(header.flip()).readTag();
  }

  private static void write(Outer outer, FileChannel in, ByteBuffer out) throws IOException {
    long from = outer.place.content();
    for (Part part : outer.parts) {
      copy(in, from, part.place().start(), out);
      switch (part) {
        case Edit edit -> out.put(edit.content.asReadOnlyByteBuffer());
        case Outer inner -> {
          ByteString header =
              Message.of(
                  bytes -> {
                    bytes.writeUInt32NoTag(inner.tag);
                    bytes.writeUInt64NoTag(inner.contentSize());
                  });
          out.put(header.asReadOnlyByteBuffer());
          write(inner, in, out);
        }
      }
      from = part.place().end();
    }
    copy(in, from, outer.place.end(), out);
  }

  private static void copy(FileChannel in, long from, long to, ByteBuffer out) throws IOException {
    ByteBuffer target = out.slice(out.position(), Math.toIntExact(to - from));
    while (target.hasRemaining()) {
      if (in.read(target, from + target.position()) < 0) {
        throw new EOFException("the model file became shorter while it was read");
      }
    }
    out.position(out.position() + target.limit());
  }
}
