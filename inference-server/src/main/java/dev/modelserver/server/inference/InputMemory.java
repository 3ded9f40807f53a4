package dev.modelserver.server.inference;

/**
 * Memory that the inputs of a request lie in. It is used for other requests once the caller has its
 * answer, so who reads inputs later, as a run past its deadline does, keeps it meanwhile.
 */
public interface InputMemory {

  /** Memory that is there for as long as anybody refers to it. */
  InputMemory COLLECTED =
      new InputMemory() {
        @Override
        public boolean retain() {
          return true;
        }

        @Override
        public void letGo() {}
      };

  /** Keeps the memory for one reader; false when it is gone, and must not be read. */
  boolean retain();

  /** The reader is done. */
  void letGo();
}
