package org.lamina.templates.patch;

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
import java.nio.file.Path;
import java.util.Base64;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Opens objects of trees that others may be changing, without following any link on the way and
 * without opening devices or pipes. Whoever owns the tree cannot lead the host astray by swapping a
 * directory for a link. Thread safe.
 */
@SuppressWarnings("restricted") // the system calls behind this have no counterpart in Java
final class Beneath {
  private static final int OPENAT2 = 437;
  private static final int O_PATH = 0x200000;
  private static final int O_NOFOLLOW = 0x20000;
  private static final int O_CLOEXEC = 0x80000;
  private static final int AT_FDCWD = -100;
  private static final int RESOLVE_NO_SYMLINKS = 0x04;
  private static final int RESOLVE_BENEATH = 0x08;
  private static final int ENOENT = 2;
  private static final int ENOTDIR = 20;
  private static final int ELOOP = 40;
  private static final int ENODATA = 61;
  private static final int ENOTSUP = 95;
  private static final int LONGEST = 64 * 1024;
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final MemoryLayout POINTER = ValueLayout.ADDRESS;
  private static final MethodHandle SYSCALL =
      function("syscall", LONG, LONG, POINTER, POINTER, LONG);
  private static final MethodHandle CLOSE = function("close", ValueLayout.JAVA_INT);
  private static final MethodHandle READLINKAT =
      function("readlinkat", ValueLayout.JAVA_INT, POINTER, POINTER, LONG);
  private static final MethodHandle LISTXATTR = function("listxattr", POINTER, POINTER, LONG);
  private static final MethodHandle LSETXATTR =
      LINKER.downcallHandle(
          LINKER.defaultLookup().find("lsetxattr").orElseThrow(),
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT, POINTER, POINTER, POINTER, LONG, ValueLayout.JAVA_INT),
          Linker.Option.captureCallState("errno"));
  private static final MethodHandle GETXATTR =
      function("getxattr", POINTER, POINTER, POINTER, LONG);
  private static final MethodHandle LGETXATTR =
      function("lgetxattr", POINTER, POINTER, POINTER, LONG);

  private Beneath() {}

  private static MethodHandle function(String name, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().find(name).orElseThrow(),
        FunctionDescriptor.of(LONG, arguments),
        Linker.Option.captureCallState("errno"));
  }

  /** An object of whatever type, held but not opened for reading. */
  static final class Handle implements AutoCloseable {
    private final int fd;

    private Handle(int fd) {
      this.fd = fd;
    }

    /** Names the very object, wherever it may be moved to meanwhile. */
    Path path() {
      return Path.of("/proc/self/fd/" + fd);
    }

    /** The target of a symbolic link, as bytes. */
    byte[] target() throws IOException {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment state = arena.allocate(STATE);
        MemorySegment out = arena.allocate(8192);
        MemorySegment empty = arena.allocateFrom("");
        long n;
        try {
          n = (long) READLINKAT.invokeExact(state, fd, empty, out, out.byteSize());
        } catch (Throwable e) {
          throw new IllegalStateException("cannot call readlinkat", e);
        }
        if (n < 0) {
          throw new IOException("readlinkat failed with errno " + errno(state));
        }
        return out.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE);
      }
    }

    /** Extended attributes by name in base64, those of overlayfs left out. */
    SortedMap<String, String> attributes() throws IOException {
      SortedMap<String, String> out = new TreeMap<>();
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment state = arena.allocate(STATE);
        MemorySegment file = arena.allocateFrom(path().toString());
        if (list(state, file, MemorySegment.NULL, 0) == 0) {
          return out;
        }
        MemorySegment names = arena.allocate(LONGEST);
        MemorySegment value = arena.allocate(LONGEST);
        long length = list(state, file, names, LONGEST);
        int at = 0;
        while (at < length) {
          String name = names.getString(at);
          at += name.getBytes(StandardCharsets.UTF_8).length + 1;
          if (!name.startsWith("trusted.overlay.")) {
            long n = get(GETXATTR, state, file, arena.allocateFrom(name), value);
            byte[] bytes = value.asSlice(0, Math.max(0, n)).toArray(ValueLayout.JAVA_BYTE);
            out.put(name, Base64.getEncoder().encodeToString(bytes));
          }
        }
      }
      return out;
    }

    @Override
    public void close() {
      try (Arena arena = Arena.ofConfined()) {
        long ignored = (long) CLOSE.invokeExact(arena.allocate(STATE), fd);
      } catch (Throwable e) {
        throw new IllegalStateException("cannot call close", e);
      }
    }
  }

  /**
   * Holds the object at a relative path below a directory; a link at the end is held itself.
   *
   * @return null if there is none or a link or file is in the way
   */
  static @Nullable Handle open(Path root, byte[] path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      long top = openat2(arena, state, AT_FDCWD, text(arena, bytes(root)), 0);
      if (top < 0) {
        return missing(root, state);
      }
      try (Handle directory = new Handle((int) top)) {
        long fd =
            openat2(
                arena,
                state,
                directory.fd,
                text(arena, path),
                RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
        return fd < 0 ? missing(root, state) : new Handle((int) fd);
      }
    }
  }

  private static @Nullable Handle missing(Path root, MemorySegment state) throws IOException {
    int errno = errno(state);
    if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP) {
      return null;
    }
    throw new IOException("cannot look below " + root + ": openat2 failed with errno " + errno);
  }

  private static long openat2(
      Arena arena, MemorySegment state, long directory, MemorySegment path, long resolve) {
    MemorySegment how = arena.allocate(24, 8);
    how.set(LONG, 0, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    how.set(LONG, 16, resolve);
    try {
      return (long) SYSCALL.invokeExact(state, (long) OPENAT2, directory, path, how, 24L);
    } catch (Throwable e) {
      throw new IllegalStateException("cannot call openat2", e);
    }
  }

  /** Whether overlayfs takes a directory of an upper layer to hide all that lies below. */
  static boolean isOpaque(Path directory) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment value = arena.allocate(16);
      long n =
          get(
              LGETXATTR,
              state,
              text(arena, bytes(directory)),
              arena.allocateFrom("trusted.overlay.opaque"),
              value);
      return n == 1 && value.get(ValueLayout.JAVA_BYTE, 0) == 'y';
    }
  }

  /** Sets an extended attribute of a file that nobody else reaches. */
  static void setAttribute(Path file, String name, byte[] value) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int result;
      try {
        result =
            (int)
                LSETXATTR.invokeExact(
                    state,
                    text(arena, bytes(file)),
                    arena.allocateFrom(name),
                    text(arena, value),
                    (long) value.length,
                    0);
      } catch (Throwable e) {
        throw new IllegalStateException("cannot call lsetxattr", e);
      }
      if (result < 0) {
        throw new IOException("cannot set " + name + " of " + file + ": errno " + errno(state));
      }
    }
  }

  private static long list(MemorySegment state, MemorySegment file, MemorySegment names, long size)
      throws IOException {
    long n;
    try {
      n = (long) LISTXATTR.invokeExact(state, file, names, size);
    } catch (Throwable e) {
      throw new IllegalStateException("cannot call listxattr", e);
    }
    return checked(n, state);
  }

  private static long get(
      MethodHandle call,
      MemorySegment state,
      MemorySegment file,
      MemorySegment name,
      MemorySegment value)
      throws IOException {
    long n;
    try {
      n = (long) call.invokeExact(state, file, name, value, value.byteSize());
    } catch (Throwable e) {
      throw new IllegalStateException("cannot call getxattr", e);
    }
    return checked(n, state);
  }

  private static long checked(long result, MemorySegment state) throws IOException {
    int errno = result < 0 ? errno(state) : 0;
    if (errno == 0) {
      return result;
    }
    if (errno == ENODATA || errno == ENOTSUP || errno == ENOENT || errno == ENOTDIR) {
      return 0;
    }
    throw new IOException("cannot read extended attributes: errno " + errno);
  }

  private static int errno(MemorySegment state) {
    return (int) ERRNO.get(state, 0L);
  }

  private static MemorySegment text(Arena arena, byte[] bytes) {
    MemorySegment out = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, out, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return out;
  }

  private static byte[] bytes(Path path) {
    return RawNames.bytes(path);
  }
}
