package org.lamina.templates.patch.rpm;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A package database as the list of its packages' headers, of which only what patching asks is
 * kept: the list itself may be larger than this process. Immutable; thread safe.
 */
public record HeaderList(List<Installed> packages) {
  private static final int MOST = 50_000;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+~^-]{0,255}");
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._+~^]{1,255}");

  public HeaderList {
    packages = List.copyOf(packages);
  }

  /**
   * One installed package.
   *
   * @param architecture empty for imported keys
   * @param digest of the whole header: the same header is the same package, installed once
   * @param offset of the header in the list
   * @param length of the header in bytes
   */
  public record Installed(
      String name, Evr evr, String architecture, String digest, long offset, long length) {
    /** As tools name it. */
    String nevra() {
      return name + "-" + evr.text() + (architecture.isEmpty() ? "" : "." + architecture);
    }
  }

  /** A list in a file. */
  static HeaderList read(Path file) throws IOException {
    return read(file, header -> {});
  }

  /**
   * @param each called with each header in turn
   */
  public static HeaderList read(Path file, Consumer<RpmHeader> each) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, each);
    }
  }

  static HeaderList read(InputStream list, Consumer<RpmHeader> each) throws IOException {
    DataInputStream in = new DataInputStream(new BufferedInputStream(list, 1 << 16));
    List<Installed> out = new ArrayList<>();
    long offset = 0;
    for (Optional<RpmHeader> next = RpmHeader.read(in);
        next.isPresent();
        next = RpmHeader.read(in)) {
      RpmHeader header = next.get();
      out.add(installed(header, offset));
      if (out.size() > MOST) {
        throw new IOException("a package database of more than " + MOST + " packages");
      }
      each.accept(header);
      offset += header.length();
    }
    return new HeaderList(out);
  }

  /** A name that rpm itself would not have installed is no name to show to anybody. */
  private static Installed installed(RpmHeader header, long offset) throws IOException {
    Evr evr = header.evr();
    if (!NAME.matcher(header.name()).matches()
        || !WORD.matcher(evr.version()).matches()
        || !WORD.matcher(evr.release()).matches()
        || (!header.architecture().isEmpty() && !WORD.matcher(header.architecture()).matches())) {
      throw new IOException("a package header without a usable name");
    }
    return new Installed(
        header.name(), evr, header.architecture(), header.digest(), offset, header.length());
  }
}
