package org.lamina.agent.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.lamina.agent.ContainerDisks;
import org.lamina.agent.DiskUsage;
import org.lamina.agent.proc.ControlFile;
import org.lamina.agent.proc.MountInfo;
import org.lamina.agent.proc.ProcFs;
import org.lamina.agent.sys.DiskCalls;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.agent.sys.MountCalls;
import org.lamina.schema.AtomicFile;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * An ext4 image in a sparse file, mounted over a directory beside it. The loop device belongs to
 * the mount alone and goes with it. Two mounts of one file by two loop devices would destroy it, so
 * that a file whose device still lives is never touched any other way.
 */
record Image(Kernel kernel, Path file, Path mountPoint) {
  private static final Logger log = System.getLogger(Image.class.getName());
  private static final long PAGE = 4096;
  private static final int LOOP_GET_STATUS64 = 0x4C05;
  private static final int LOOP_SET_CAPACITY = 0x4C07;
  private static final int LOOP_INFO64_BYTES = 232;
  private static final int ATTEMPTS = 100;
  private static final int PAUSE_MILLIS = 20;

  /** Bytes of file system for each file that can be made; small files are many in a system. */
  private static final int BYTES_PER_INODE = 8192;

  /** In whole pages. */
  static long rounded(long bytes) {
    return (bytes + PAGE - 1) / PAGE * PAGE;
  }

  boolean exists() {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** What counts of the file: all of it, unless enlarging it was interrupted. */
  long size() throws IOException {
    if (Files.exists(growing())) {
      Optional<Superblock> now = Superblock.read(file);
      if (now.isPresent()) {
        return now.get().blocks() * now.get().blockSize();
      }
    }
    return Files.size(file);
  }

  /** Makes the file; nothing is mounted. */
  void make(long bytes) throws IOException {
    setLength(rounded(bytes), true);
    HostTools.run(
        0,
        "mkfs.ext4",
        "-q",
        "-F",
        // Root on the host would have what is reserved, and everything is written by that root.
        "-m",
        "0",
        "-b",
        Long.toString(PAGE),
        "-i",
        Integer.toString(BYTES_PER_INODE),
        "-E",
        "nodiscard",
        file.toString());
  }

  private void setLength(long bytes, boolean create) throws IOException {
    int flags = FileCalls.O_WRONLY | (create ? FileCalls.O_CREAT | FileCalls.O_TRUNC : 0);
    try (Fd fd = kernel.files().open(file.toString(), flags, create ? 0600 : 0);
        FileChannel channel = FileChannel.open(Path.of(fd.procPath()), StandardOpenOption.WRITE)) {
      if (channel.size() > bytes) {
        channel.truncate(bytes);
      } else if (channel.size() < bytes) {
        // One byte at the end, which stays a hole as far as the file system can make one.
        channel.write(ByteBuffer.allocate(1), bytes - 1);
      }
      channel.force(true);
    }
  }

  boolean mounted() {
    try (Fd above = kernel.files().openDirectory(mountPoint.resolveSibling("").toString());
        Fd here = kernel.files().openDirectory(mountPoint.toString())) {
      return kernel.files().stat(above).device() != kernel.files().stat(here).device();
    } catch (KernelException e) {
      return false;
    }
  }

  void mount() {
    try {
      if (Superblock.read(file).filter(Superblock::damaged).isPresent()) {
        HostTools.run(1, "e2fsck", "-p", file.toString());
      }
      HostTools.run(
          0,
          "mount",
          "-t",
          "ext4",
          "-o",
          // What is deleted inside becomes a hole again.
          "loop,nosuid,nodev,discard",
          file.toString(),
          mountPoint.toString());
    } catch (IOException | LaminaException e) {
      String why = e instanceof LaminaException known ? known.text() : e.getMessage();
      throw new LaminaException(
          ExitCode.CANNOT_MOUNT,
          "cannot mount the image " + file + ": " + why,
          "See the host's kernel log; e2fsck -f " + file + " examines it.",
          e);
    }
  }

  /**
   * @return false if somebody uses it
   */
  boolean unmount() {
    try {
      kernel.mounts().unmount(mountPoint.toString(), 0);
      return true;
    } catch (KernelException e) {
      if (e.is(Errno.EBUSY)) {
        return false;
      }
      if (e.is(Errno.EINVAL)) {
        return true;
      }
      throw e;
    }
  }

  /**
   * Unmounts and waits until the kernel has let go of the file: namespaces of processes that have
   * just ended hold it a moment longer.
   *
   * @throws LaminaException LOCKED if it does not
   */
  void release() {
    for (int i = 0; i < ATTEMPTS; i++) {
      if ((!mounted() || unmount()) && device().isEmpty()) {
        return;
      }
      pause();
    }
    throw new LaminaException(
        ExitCode.LOCKED,
        "the image " + file + " is in use by " + device().map(d -> "/dev/" + d).orElse("a process"),
        "See `fuser -vm " + mountPoint + "`.");
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LaminaException(ExitCode.TIMEOUT, "the wait for a disk image was cancelled");
    }
  }

  /** The loop device on the file, such as {@code loop3}. */
  Optional<String> device() {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/sys/block"), "loop*")) {
      for (Path one : all) {
        String name = one.getFileName().toString();
        if (Files.exists(one.resolve("loop")) && isBehind(name)) {
          return Optional.of(name);
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** By device and inode, as the file has other names in other mount namespaces. */
  private boolean isBehind(String device) {
    try (Fd loop = kernel.files().open("/dev/" + device, FileCalls.O_RDONLY, 0);
        Fd backing = kernel.files().open(file.toString(), FileCalls.O_PATH, 0)) {
      ByteBuffer status =
          kernel
              .disks()
              .control(
                  loop, "ask " + device, LOOP_GET_STATUS64, DiskCalls.structure(LOOP_INFO64_BYTES));
      FileCalls.Stat stat = kernel.files().stat(backing);
      return status.getLong(0) == stat.device() && status.getLong(8) == stat.inode();
    } catch (KernelException e) {
      return false; // Gone since it was listed.
    }
  }

  /**
   * Enlarges the mounted image. Should it be interrupted, the mark says that the file may be longer
   * than the file system in it, until {@link #settleSize}.
   *
   * @throws LaminaException DISK_LIMIT_FAILED if the kernel refuses; it has its former size then
   */
  void grow(long bytes) throws IOException {
    long former = size();
    if (!Files.exists(growing())) {
      Files.createFile(growing());
    }
    try {
      setLength(rounded(bytes), false);
      String device = tellDevice();
      HostTools.run(0, "resize2fs", "/dev/" + device);
      Files.deleteIfExists(growing());
    } catch (LaminaException | KernelException e) {
      setLength(former, false);
      var _ = tellDevice();
      Files.deleteIfExists(growing());
      throw new LaminaException(
          ExitCode.DISK_LIMIT_FAILED,
          "cannot enlarge the image in use: " + e.getMessage(),
          "Set the limit while the container is stopped; this needs CAP_SYS_RESOURCE.",
          e);
    }
  }

  /** The loop device takes the file's size over. */
  private String tellDevice() throws IOException {
    String device = device().orElseThrow(() -> new IOException(file + " has no loop device"));
    try (Fd fd = kernel.files().open("/dev/" + device, FileCalls.O_RDWR, 0)) {
      kernel.disks().control(fd, "tell " + device + " its new size", LOOP_SET_CAPACITY, 0);
    }
    return device;
  }

  /** At rest, takes an interrupted {@link #grow} back as far as it had not come. */
  void settleSize() throws IOException {
    if (exists() && Files.exists(growing())) {
      release();
      setLength(size(), false);
    }
    Files.deleteIfExists(growing());
  }

  private Path growing() {
    return file.resolveSibling("delta.growing");
  }

  /**
   * Gives the released image another size, on a copy: an interrupted resize2fs leaves nothing that
   * could be used.
   */
  void rebuild(long bytes) throws IOException {
    Image copy = new Image(kernel, unfinished(file), mountPoint);
    try {
      HostTools.run(
          0, "cp", "--sparse=always", "--reflink=auto", file.toString(), copy.file.toString());
      HostTools.run(1, "e2fsck", "-f", "-p", copy.file.toString());
      if (rounded(bytes) > size()) {
        copy.setLength(rounded(bytes), false);
      }
      HostTools.run(0, "resize2fs", copy.file.toString(), rounded(bytes) / 1024 + "K");
      copy.setLength(rounded(bytes), false);
      copy.publishAs(file);
    } finally {
      Files.deleteIfExists(copy.file);
    }
  }

  /** The complete file takes its place; survives power loss. */
  void publishAs(Path place) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(file, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    AtomicFile.syncDirectory(place.resolveSibling(""));
  }

  /** Where a file is made that is to take the place of another. */
  static Path unfinished(Path file) {
    return file.resolveSibling(file.getFileName() + ".new");
  }

  Optional<DiskUsage> usage() throws IOException {
    if (!mounted()) {
      return Superblock.read(file).map(Superblock::usage);
    }
    try (Fd fd = kernel.files().openDirectory(mountPoint.toString())) {
      var space = kernel.disks().space(fd);
      return Optional.of(
          new DiskUsage(
              space.bytes() - space.free(),
              size(),
              space.inodes() - space.freeInodes(),
              space.inodes()));
    }
  }

  /**
   * Lets the host use what ext4 keeps back of every file system for its own tables: two percent, at
   * most 16 MiB.
   */
  ContainerDisks.Headroom headroom() {
    Path kept = Path.of("/sys/fs/ext4", device().orElse("none"), "reserved_clusters");
    try {
      String usual = ControlFile.read(kept);
      Files.writeString(kept, "0");
      return () -> {
        try {
          Files.writeString(kept, usual);
        } catch (IOException e) {
          // Gone with the mount, and made anew with the next.
          log.log(Level.DEBUG, "{0}: {1}", kept, e.getMessage());
        }
      };
    } catch (IOException e) {
      log.log(Level.WARNING, "no room beyond the size of {0}: {1}", file, e.getMessage());
      return () -> {};
    }
  }

  /** Takes everything away that is mounted at a path or below it. */
  static void unmountBelow(Kernel kernel, Path directory) {
    List<MountInfo> mounts =
        ProcFs.HOST.mounts((int) ProcessHandle.current().pid()).stream()
            .filter(mount -> Path.of(mount.mountPoint()).startsWith(directory))
            .sorted(Comparator.comparingInt(MountInfo::id).reversed())
            .toList();
    for (MountInfo mount : mounts) {
      // Whoever still has it open keeps a file system of deleted files for that long.
      try {
        kernel.mounts().unmount(mount.mountPoint(), MountCalls.MNT_DETACH);
      } catch (KernelException e) {
        if (!e.is(Errno.EINVAL) && !e.is(Errno.ENOENT)) {
          throw e;
        }
      }
    }
  }
}
