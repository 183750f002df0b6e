package org.lamina.manager.core.patch;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.GuestRoot;
import org.lamina.templates.patch.Attributes;
import org.lamina.templates.patch.GuestTree;

/** A container's root file system as the patch steps want it. Not thread safe. */
final class GuestRootTree implements GuestTree {
  private final GuestRoot root;

  GuestRootTree(GuestRoot root) {
    this.root = root;
  }

  @Override
  public @Nullable Stat stat(String path) {
    return root.info(path).map(GuestRootTree::stat).orElse(null);
  }

  private static Stat stat(GuestRoot.Info info) {
    Stat.Type type =
        switch (info.type()) {
          case FILE -> Stat.Type.FILE;
          case DIRECTORY -> Stat.Type.DIRECTORY;
          case SYMLINK -> Stat.Type.SYMLINK;
          case OTHER -> Stat.Type.OTHER;
        };
    return new Stat(
        type,
        new Attributes(String.format("%04o", info.mode()), info.uid(), info.gid()),
        info.modified());
  }

  @Override
  public InputStream open(String path) {
    return root.open(path);
  }

  @Override
  public void write(
      String path,
      InputStream content,
      @Nullable Attributes attributes,
      @Nullable Instant modified,
      Map<String, String> xattrs) {
    Optional<GuestRoot.Info> now = root.info(path);
    Attributes wanted =
        attributes != null
            ? attributes
            : now.map(GuestRootTree::stat).map(Stat::attributes).orElseGet(GuestRootTree::plain);
    if (now.isPresent() && now.get().type() == GuestRoot.Type.DIRECTORY) {
      root.remove(path);
    }
    Map<String, byte[]> kept = attributes == null ? root.attributes(path) : decoded(xattrs);
    root.write(path, content, mode(wanted), wanted.uid(), wanted.gid(), modified, kept);
  }

  private static Map<String, byte[]> decoded(Map<String, String> xattrs) {
    Map<String, byte[]> out = new TreeMap<>();
    xattrs.forEach((name, value) -> out.put(name, Base64.getDecoder().decode(value)));
    return out;
  }

  @Override
  public void link(String path, byte[] target, int uid, int gid) {
    if (root.info(path).filter(i -> i.type() == GuestRoot.Type.DIRECTORY).isPresent()) {
      root.remove(path);
    }
    root.link(path, new String(target, StandardCharsets.UTF_8), uid, gid);
  }

  @Override
  public void makeDirectory(String path, Attributes attributes) {
    root.makeDirectory(path, mode(attributes), attributes.uid(), attributes.gid());
  }

  @Override
  public boolean remove(String path) {
    Optional<GuestRoot.Info> info = root.info(path);
    if (info.isEmpty()
        || (info.get().type() == GuestRoot.Type.DIRECTORY && !root.list(path).isEmpty())) {
      return false;
    }
    root.remove(path);
    return true;
  }

  @Override
  public List<String> list(String path) {
    List<String> names = new ArrayList<>(root.list(path));
    names.sort(null);
    return names;
  }

  private static int mode(Attributes attributes) {
    return Integer.parseInt(attributes.mode(), 8);
  }

  private static Attributes plain() {
    return new Attributes("0644", 0, 0);
  }
}
