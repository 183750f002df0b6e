package org.lamina.agent.cgroup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Walks a cgroup with everything a guest made below it. A guest that owns a subtree may nest names
 * beyond PATH_MAX, so that walking goes by open directories and never by whole paths.
 */
final class CgroupTree {
  private final CgroupFs fs;

  CgroupTree(CgroupFs fs) {
    this.fs = fs;
  }

  /** Process ids anywhere in the tree; empty if there is no such cgroup. */
  Set<Integer> processes(Path top) throws IOException {
    Set<Integer> pids = new TreeSet<>();
    visit(top, directory -> readProcesses(directory, pids));
    return pids;
  }

  /**
   * Removes the tree, deepest cgroups first; does nothing if it is gone.
   *
   * @throws IOException if something in it is busy; what could be removed is removed then
   */
  void remove(Path top) throws IOException {
    Path parent = top.getParent();
    Path name = top.getFileName();
    if (parent == null || name == null) {
      throw new IOException("not a cgroup: " + top);
    }
    try (SecureDirectoryStream<Path> directory = open(parent)) {
      removeBelow(directory, name);
    } catch (NoSuchFileException gone) {
      // As wanted, or nothing to see.
    }
  }

  private void removeBelow(SecureDirectoryStream<Path> parent, Path name) throws IOException {
    try (SecureDirectoryStream<Path> directory =
        parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
      for (Path child : subdirectories(directory)) {
        removeBelow(directory, child);
      }
    } catch (NoSuchFileException e) {
      return;
    }
    try {
      fs.rmdir(parent, name);
    } catch (NoSuchFileException gone) {
      // As wanted, or nothing to see.
    }
  }

  private static void visit(Path top, Consumer<SecureDirectoryStream<Path>> visitor)
      throws IOException {
    try (SecureDirectoryStream<Path> directory = open(top)) {
      visitBelow(directory, visitor);
    } catch (NoSuchFileException gone) {
      // As wanted, or nothing to see.
    }
  }

  private static void visitBelow(
      SecureDirectoryStream<Path> directory, Consumer<SecureDirectoryStream<Path>> visitor)
      throws IOException {
    visitor.accept(directory);
    for (Path child : subdirectories(directory)) {
      try (SecureDirectoryStream<Path> below =
          directory.newDirectoryStream(child, LinkOption.NOFOLLOW_LINKS)) {
        visitBelow(below, visitor);
      } catch (NoSuchFileException removedMeanwhile) {
        // Nothing can live in it any more.
      }
    }
  }

  @SuppressWarnings("StreamResourceLeak") // the caller closes it
  private static SecureDirectoryStream<Path> open(Path directory) throws IOException {
    DirectoryStream<Path> stream = Files.newDirectoryStream(directory);
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    stream.close();
    throw new IOException("this file system cannot be walked by open directories: " + directory);
  }

  private static List<Path> subdirectories(SecureDirectoryStream<Path> directory)
      throws IOException {
    List<Path> names = new ArrayList<>();
    try {
      for (Path entry : directory) {
        Path name = entry.getFileName();
        if (name != null && isDirectory(directory, name)) {
          names.add(name);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }

  private static boolean isDirectory(SecureDirectoryStream<Path> directory, Path name)
      throws IOException {
    try {
      return directory
          .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .readAttributes()
          .isDirectory();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /**
   * A threaded cgroup refuses to list processes, which its domain above lists for it; a cgroup that
   * is being removed refuses as well. Neither hides a process.
   */
  private static void readProcesses(SecureDirectoryStream<Path> directory, Set<Integer> pids) {
    try (SeekableByteChannel channel =
        directory.newByteChannel(Path.of("cgroup.procs"), Set.of(StandardOpenOption.READ))) {
      ByteBuffer buffer = ByteBuffer.allocate(8192);
      StringBuilder text = new StringBuilder();
      while (channel.read(buffer) >= 0) {
        text.append(StandardCharsets.US_ASCII.decode(buffer.flip()));
        buffer.clear();
      }
      // 0 stands for a process outside the reader's pid namespace.
      text.toString().lines().map(Integer::valueOf).filter(pid -> pid > 0).forEach(pids::add);
    } catch (IOException refused) {
      // Listed elsewhere or empty, see above.
    }
  }
}
