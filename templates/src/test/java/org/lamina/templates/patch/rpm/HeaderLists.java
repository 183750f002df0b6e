package org.lamina.templates.patch.rpm;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Lists of package headers for tests outside of this package. */
public final class HeaderLists {
  private HeaderLists() {}

  public static byte[] header(String name, String evr, List<String> requires, List<String> files) {
    return HeaderWriter.header(name, evr, "noarch", requires, files);
  }

  /** Names and versions, sorted. */
  public static List<String> tell(byte[] list) throws IOException {
    return HeaderList.read(new ByteArrayInputStream(list), h -> {}).packages().stream()
        .map(p -> p.name() + " " + p.evr().text())
        .sorted()
        .toList();
  }

  /** What packages require, by package. */
  public static Map<String, List<String>> needs(InputStream list) throws IOException {
    Map<String, List<String>> out = new TreeMap<>();
    List<RpmHeader> headers = new ArrayList<>();
    var _ = HeaderList.read(list, headers::add);
    for (RpmHeader h : headers) {
      out.put(h.name() + "-" + h.evr().text() + "." + h.architecture(), h.strings(1049));
    }
    return out;
  }
}
