package org.lamina.templates.tree;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The few file calls that Java lacks: extended attributes of every name space and exact bytes of
 * link targets. Paths are bytes, because file names need not be text. Thread safe.
 */
@SuppressWarnings("restricted") // calls into the C library are what this class is for
final class NativeFiles {
  private static final int ENODATA = 61;
  private static final int ENOTSUP = 95;
  private static final int LONGEST = 64 * 1024;
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle LLISTXATTR =
      function("llistxattr", ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
  private static final MethodHandle LGETXATTR =
      function(
          "lgetxattr",
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.JAVA_LONG);
  private static final MethodHandle LREMOVEXATTR =
      function(ValueLayout.JAVA_INT, "lremovexattr", ValueLayout.ADDRESS, ValueLayout.ADDRESS);
  private static final MethodHandle LSETXATTR =
      function(
          ValueLayout.JAVA_INT,
          "lsetxattr",
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_INT);
  private static final MethodHandle READLINK =
      function("readlink", ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);

  private NativeFiles() {}

  private static MethodHandle function(String name, MemoryLayout... arguments) {
    return function(ValueLayout.JAVA_LONG, name, arguments);
  }

  private static MethodHandle function(
      MemoryLayout result, String name, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().find(name).orElseThrow(),
        FunctionDescriptor.of(result, arguments),
        Linker.Option.captureCallState("errno"));
  }

  /** Extended attributes by name, values in base64; a link is not followed. */
  static SortedMap<String, String> attributes(byte[] path) throws IOException {
    SortedMap<String, String> out = new TreeMap<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment file = text(arena, path);
      // Nearly every file has none, so the size is asked for before any buffer is made.
      if (list(state, file, MemorySegment.NULL, 0, path) == 0) {
        return out;
      }
      MemorySegment names = arena.allocate(LONGEST);
      long length = list(state, file, names, LONGEST, path);
      MemorySegment value = arena.allocate(LONGEST);
      int at = 0;
      while (at < length) {
        String name = names.getString(at);
        long size = get(state, file, arena.allocateFrom(name), value, path);
        byte[] bytes = value.asSlice(0, size).toArray(ValueLayout.JAVA_BYTE);
        out.put(name, Base64.getEncoder().encodeToString(bytes));
        at += name.getBytes(StandardCharsets.UTF_8).length + 1;
      }
    }
    return out;
  }

  /**
   * Sets an extended attribute.
   *
   * @throws IOException also where the file system has none
   */
  static void setAttribute(byte[] path, String name, byte[] value) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment bytes = arena.allocate(Math.max(1, value.length));
      MemorySegment.copy(value, 0, bytes, ValueLayout.JAVA_BYTE, 0, value.length);
      int result;
      try {
        result =
            (int)
                LSETXATTR.invokeExact(
                    state,
                    text(arena, path),
                    arena.allocateFrom(name),
                    bytes,
                    (long) value.length,
                    0);
      } catch (Throwable e) {
        throw new IllegalStateException("cannot call lsetxattr", e);
      }
      if (result != 0) {
        throw new IOException(
            "lsetxattr of "
                + new String(path, StandardCharsets.UTF_8)
                + " failed with errno "
                + (int) ERRNO.get(state, 0L));
      }
    }
  }

  /** Takes an extended attribute away; one that is not there is fine. */
  static void removeAttribute(byte[] path, String name) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int result;
      try {
        result = (int) LREMOVEXATTR.invokeExact(state, text(arena, path), arena.allocateFrom(name));
      } catch (Throwable e) {
        throw new IllegalStateException("cannot call lremovexattr", e);
      }
      checked("lremovexattr", result, state, path);
    }
  }

  /** The target of a symbolic link as it is stored. */
  static byte[] linkTarget(byte[] path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment target = arena.allocate(8192);
      long length;
      try {
        length = (long) READLINK.invokeExact(state, text(arena, path), target, target.byteSize());
      } catch (Throwable e) {
        throw new IllegalStateException("cannot call readlink", e);
      }
      return target
          .asSlice(0, checked("readlink", length, state, path))
          .toArray(ValueLayout.JAVA_BYTE);
    }
  }

  private static long list(
      MemorySegment state, MemorySegment file, MemorySegment names, long size, byte[] path)
      throws IOException {
    long length;
    try {
      length = (long) LLISTXATTR.invokeExact(state, file, names, size);
    } catch (Throwable e) {
      throw new IllegalStateException("cannot call llistxattr", e);
    }
    return checked("llistxattr", length, state, path);
  }

  private static long get(
      MemorySegment state, MemorySegment file, MemorySegment name, MemorySegment value, byte[] path)
      throws IOException {
    long length;
    try {
      length = (long) LGETXATTR.invokeExact(state, file, name, value, value.byteSize());
    } catch (Throwable e) {
      throw new IllegalStateException("cannot call lgetxattr", e);
    }
    return checked("lgetxattr", length, state, path);
  }

  private static MemorySegment text(Arena arena, byte[] bytes) {
    MemorySegment out = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, out, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return out;
  }

  private static long checked(String name, long result, MemorySegment state, byte[] path)
      throws IOException {
    if (result >= 0) {
      return result;
    }
    int errno = (int) ERRNO.get(state, 0L);
    if (errno == ENOTSUP || errno == ENODATA) {
      return 0;
    }
    throw new IOException(
        name + " of " + new String(path, StandardCharsets.UTF_8) + " failed with errno " + errno);
  }
}
