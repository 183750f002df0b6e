package org.lamina.agent.mount;

import static org.lamina.agent.sys.FileCalls.O_NONBLOCK;
import static org.lamina.agent.sys.FileCalls.O_RDONLY;
import static org.lamina.agent.sys.FileCalls.RESOLVE_IN_ROOT;
import static org.lamina.agent.sys.FileCalls.RESOLVE_STRICT;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls.Stat;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;

/**
 * Folds the stacked uppers of a container that is not mounted into one. Entries move from a layer
 * to the one below it by rename; what the layers show together is the same before and after each
 * single step, so that a crash at any of them loses nothing and the next call goes on.
 */
public final class DeltaSquash {
  private static final String OPAQUE = "trusted.overlay.opaque";

  private final Kernel kernel;

  public DeltaSquash(Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Folds all pairs of one tree into the first.
   *
   * @return how many pairs were folded
   */
  public int squash(Path delta, String tree) {
    int folded = 0;
    for (DeltaStack stack = DeltaStack.of(delta, tree);
        !stack.frozen().isEmpty();
        stack = DeltaStack.of(delta, tree)) {
      fold(stack.upper(), stack.frozen().getFirst());
      removePair(stack);
      folded++;
    }
    return folded;
  }

  private void fold(Path upper, Path below) {
    if (!Files.isDirectory(upper)) {
      return; // Removed by an earlier call that was interrupted afterwards.
    }
    try (Fd from = kernel.files().open(upper.toString(), O_RDONLY, 0);
        Fd to = kernel.files().open(below.toString(), O_RDONLY, 0)) {
      mergeDirectory(from, to);
    }
  }

  private void removePair(DeltaStack stack) {
    Path pair = stack.upper().resolveSibling(".").normalize();
    remove(pair, "work");
    try {
      Files.deleteIfExists(stack.upper());
      Files.deleteIfExists(pair);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void remove(Path directory, String name) {
    try (Fd fd = kernel.files().open(directory.toString(), O_RDONLY, 0)) {
      removeTree(fd, name);
    }
  }

  /** Moves everything into the directory below and makes that look like this one. */
  private void mergeDirectory(Fd from, Fd to) {
    for (String name : names(from)) {
      mergeEntry(from, name, to);
    }
    Stat like = kernel.files().stat(from);
    kernel.files().chown(to, like.uid(), like.gid());
    kernel.files().chmod(to, like.mode() & 07777);
    try {
      Files.setLastModifiedTime(
          Path.of(to.procPath()), Files.getLastModifiedTime(Path.of(from.procPath())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void mergeEntry(Fd from, String name, Fd to) {
    try (Fd above = directory(from, name);
        Fd below = directory(to, name)) {
      if (above != null && below != null && kernel.files().attribute(above, OPAQUE) == null) {
        mergeDirectory(above, below);
        kernel.files().removeDirectory(from, name);
        return;
      }
      if (above != null && below == null && exists(to, name)) {
        // What lies below, such as a whiteout, ends the merging here; once it is gone, only this
        // mark keeps the template's directory of that name from showing through.
        kernel.files().setAttribute(above, OPAQUE, new byte[] {'y'});
      }
    }
    // Hidden by what is above it already, so that its removal shows nowhere.
    removeTree(to, name);
    kernel.files().move(from, name, to);
  }

  /** The entry opened if it is a directory, never following a link. */
  private @Nullable Fd directory(Fd parent, String name) {
    try {
      try (Fd place = kernel.files().locate(parent, name, RESOLVE_STRICT)) {
        if (!kernel.files().stat(place).isDirectory()) {
          return null;
        }
      } catch (KernelException e) {
        if (e.is(Errno.ELOOP)) {
          return null;
        }
        throw e;
      }
      return kernel.files().openBeneath(parent, name, O_RDONLY | O_NONBLOCK, 0, RESOLVE_STRICT);
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return null;
      }
      throw e;
    }
  }

  private boolean exists(Fd parent, String name) {
    try (Fd place = kernel.files().locate(parent, name, RESOLVE_IN_ROOT)) {
      return place.number() >= 0;
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  private void removeTree(Fd parent, String name) {
    try (Fd directory = directory(parent, name)) {
      if (directory == null) {
        kernel.files().unlink(parent, name);
        return;
      }
      names(directory).forEach(child -> removeTree(directory, child));
      kernel.files().removeDirectory(parent, name);
    } catch (KernelException e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }

  private static List<String> names(Fd directory) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of(directory.procPath()))) {
      entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return names;
  }
}
