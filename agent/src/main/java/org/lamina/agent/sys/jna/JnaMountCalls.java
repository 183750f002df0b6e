package org.lamina.agent.sys.jna;

import static org.lamina.agent.sys.jna.LibC.C;
import static org.lamina.agent.sys.jna.LibC.call;
import static org.lamina.agent.sys.jna.LibC.check;
import static org.lamina.agent.sys.jna.LibC.own;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.util.List;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.MountCalls;

final class JnaMountCalls implements MountCalls {
  private static final int AT_FDCWD = -100;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int AT_RECURSIVE = 0x8000;
  private static final int CLOEXEC = 02000000;
  private static final int OPEN_TREE_CLONE = 1;
  private static final int FSOPEN_CLOEXEC = 1;
  private static final int FSMOUNT_CLOEXEC = 1;
  private static final int FSCONFIG_SET_FLAG = 0;
  private static final int FSCONFIG_SET_STRING = 1;
  private static final int FSCONFIG_CMD_CREATE = 6;
  private static final int MOVE_MOUNT_F_EMPTY_PATH = 0x4;
  private static final int MOVE_MOUNT_T_EMPTY_PATH = 0x40;
  private static final int MOVE_MOUNT_BENEATH = 0x200;
  private static final int FSPICK_CLOEXEC = 1;
  private static final int FSPICK_EMPTY_PATH = 8;
  private static final int FSCONFIG_CMD_RECONFIGURE = 7;
  private static final long MOUNT_ATTR_IDMAP = 0x00100000;
  private static final long MS_SHARED = 1 << 20;
  private static final long MS_PRIVATE = 1 << 18;

  /** struct mount_attr: attr_set, attr_clr, propagation, userns_fd; 64 bits each. */
  private static final int MOUNT_ATTR_BYTES = 32;

  private static final int UMOUNT_NOFOLLOW = 8;
  private static final int CLONE_FS = 0x200;

  @Override
  public Fd mountDetached(String type, String source, Iterable<Option> options, int attributes) {
    try (Memory typeName = LibC.string(type);
        Fd context = own(call("fsopen " + type, Abi.FSOPEN, typeName, FSOPEN_CLOEXEC))) {
      configure(context, type, FSCONFIG_SET_STRING, "source", source);
      for (Option option : options) {
        String value = option.value();
        configure(
            context,
            type,
            value == null ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING,
            option.key(),
            value);
      }
      configure(context, type, FSCONFIG_CMD_CREATE, null, null);
      return own(
          call("fsmount " + type, Abi.FSMOUNT, context.number(), FSMOUNT_CLOEXEC, attributes));
    }
  }

  private static void configure(
      Fd context,
      String type,
      int command,
      @org.jspecify.annotations.Nullable String key,
      @org.jspecify.annotations.Nullable String value) {
    String what =
        key == null
            ? "mount " + type
            : "option " + key + (value == null ? "" : "=" + value) + " of " + type;
    try (Memory keyName = LibC.stringOrNull(key);
        Memory text = LibC.stringOrNull(value)) {
      call(
          what,
          Abi.FSCONFIG,
          context.number(),
          command,
          keyName == null ? Pointer.NULL : keyName,
          text == null ? Pointer.NULL : text,
          0);
    } catch (org.lamina.agent.sys.KernelException e) {
      // The file system explains itself through the context descriptor, one message a read.
      throw new org.lamina.agent.sys.KernelException(
          what + explanation(context), e.errno(), C.strerror(e.errno()));
    }
  }

  private static String explanation(Fd context) {
    StringBuilder text = new StringBuilder();
    try (Memory buffer = new Memory(512)) {
      while (true) {
        long n = C.read(context.number(), buffer, new NativeLong(buffer.size())).longValue();
        if (n <= 0) {
          break;
        }
        byte[] bytes = buffer.getByteArray(0, (int) n);
        text.append("; ")
            .append(new String(bytes, java.nio.charset.StandardCharsets.UTF_8).strip());
      }
    }
    return text.toString();
  }

  @Override
  public Fd cloneTree(String path, boolean recursive) {
    try (Memory name = LibC.string(path)) {
      int flags = OPEN_TREE_CLONE | CLOEXEC | (recursive ? AT_RECURSIVE : 0);
      return own(call("open_tree " + path, Abi.OPEN_TREE, AT_FDCWD, name, flags));
    }
  }

  @Override
  public Fd cloneTreeAt(Fd directory, String name) {
    try (Memory text = LibC.string(name)) {
      int flags = OPEN_TREE_CLONE | CLOEXEC | (name.isEmpty() ? AT_EMPTY_PATH : 0);
      return own(call("open_tree " + name, Abi.OPEN_TREE, directory.number(), text, flags));
    }
  }

  @Override
  public Fd attachedTree(String path) {
    try (Memory name = LibC.string(path)) {
      return own(call("open_tree " + path, Abi.OPEN_TREE, AT_FDCWD, name, CLOEXEC));
    }
  }

  @Override
  public void setAttributes(Fd mount, int attributes, boolean recursive) {
    setattr("mount_setattr", mount, recursive, attributes, 0, 0, 0);
  }

  @Override
  public void clearAttributes(Fd mount, int attributes) {
    setattr("mount_setattr", mount, false, 0, attributes, 0, 0);
  }

  @Override
  public void mapOwners(Fd mount, Fd userNamespace) {
    setattr("idmap mount", mount, false, MOUNT_ATTR_IDMAP, 0, 0, userNamespace.number());
  }

  @Override
  public void setPropagation(Fd mount, boolean shared) {
    setattr("mount propagation", mount, true, 0, 0, shared ? MS_SHARED : MS_PRIVATE, 0);
  }

  private static void setattr(
      String what,
      Fd mount,
      boolean recursive,
      long set,
      long clear,
      long propagation,
      long userNamespace) {
    try (Memory attr = new Memory(MOUNT_ATTR_BYTES);
        Memory empty = LibC.string("")) {
      attr.clear();
      attr.setLong(0, set);
      attr.setLong(8, clear);
      attr.setLong(16, propagation);
      attr.setLong(24, userNamespace);
      call(
          what,
          Abi.MOUNT_SETATTR,
          mount.number(),
          empty,
          AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0),
          attr,
          new NativeLong(MOUNT_ATTR_BYTES));
    }
  }

  @Override
  public void attach(Fd mount, Fd target) {
    try (Memory empty = LibC.string("")) {
      call(
          "move_mount",
          Abi.MOVE_MOUNT,
          mount.number(),
          empty,
          target.number(),
          empty,
          MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
    }
  }

  @Override
  public void attachBeneath(Fd mount, Fd target) {
    try (Memory empty = LibC.string("")) {
      call(
          "move_mount beneath",
          Abi.MOVE_MOUNT,
          mount.number(),
          empty,
          target.number(),
          empty,
          MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH | MOVE_MOUNT_BENEATH);
    }
  }

  @Override
  public void makeReadOnly(Fd mountPoint) {
    reconfigure(mountPoint, List.of(new Option("ro", null)));
  }

  @Override
  public void reconfigure(Fd mountPoint, Iterable<Option> options) {
    try (Memory empty = LibC.string("");
        Fd context =
            own(
                call(
                    "fspick",
                    Abi.FSPICK,
                    mountPoint.number(),
                    empty,
                    FSPICK_CLOEXEC | FSPICK_EMPTY_PATH))) {
      for (Option option : options) {
        String value = option.value();
        configure(
            context,
            "mounted file system",
            value == null ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING,
            option.key(),
            value);
      }
      configure(context, "with other options", FSCONFIG_CMD_RECONFIGURE, null, null);
    }
  }

  @Override
  public void unmount(String path, int flags) {
    check(C.umount2(path, flags), "umount " + path);
  }

  @Override
  public void unmountAt(Fd directory, String name) {
    check(C.fchdir(directory.number()), "fchdir");
    check(C.umount2(name, MNT_DETACH | UMOUNT_NOFOLLOW), "umount " + name);
  }

  @Override
  public void pivot(Fd root) {
    check(C.fchdir(root.number()), "fchdir to the new root");
    try (Memory dot = LibC.string(".")) {
      // pivot_root(2): with both paths "." the old root ends up stacked on the new one.
      call("pivot_root", Abi.HOST.pivotRoot(), dot, dot);
    }
    check(C.umount2(".", MNT_DETACH), "detach the old root");
    check(C.chdir("/"), "chdir /");
  }

  @Override
  public void enter(Fd namespace, int type) {
    check(C.setns(namespace.number(), type), "setns " + Integer.toHexString(type));
  }

  @Override
  public void unshareMounts() {
    check(C.unshare(NEW_NS), "unshare(CLONE_NEWNS)");
    try (Fd root = attachedTree("/")) {
      setPropagation(root, false);
    }
  }

  @Override
  public void unshareFileSystemState() {
    check(C.unshare(CLONE_FS), "unshare(CLONE_FS)");
  }

  @Override
  public void setHostname(String hostname) {
    try (Memory name = LibC.string(hostname)) {
      check(C.sethostname(name, new NativeLong(name.size() - 1)), "sethostname " + hostname);
    }
  }
}
