package org.lamina.templates.rpm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lamina.templates.build.BuildContainer;
import org.lamina.templates.build.PackageSet;
import org.lamina.templates.tree.LayerView;
import org.lamina.templates.tree.MergedUsr;

/**
 * What the rpm inside a root file system says about itself: it is asked in a build container,
 * because it alone is sure to read its own database.
 *
 * @param packages what is installed
 * @param owners path, starting with a slash, to the name of the package that has it
 */
public record RpmDatabase(PackageSet packages, Map<String, String> owners) {
  private static final String QUERY =
      "P\\t%{NAME}\\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\\t%{ARCH}\\n[F\\t%{=NAME}\\t%{FILENAMES}\\n]";

  /**
   * @param layers root file system, uppermost first; only read
   * @param scratch for temporary files, on the file system of the layers
   * @throws IOException if rpm inside cannot be asked
   */
  public static RpmDatabase read(List<Path> layers, Path scratch)
      throws IOException, InterruptedException {
    Path thrownAway = Files.createTempDirectory(scratch, "query-");
    Files.setPosixFilePermissions(thrownAway, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<String> lines = new ArrayList<>();
    int status =
        new BuildContainer(layers, thrownAway, scratch)
            .run(
                List.of(),
                false,
                environment(),
                List.of("/usr/bin/rpm", "-qa", "--queryformat", QUERY),
                lines::add);
    if (status != 0) {
      throw new IOException(
          "rpm of the root file system ended with status "
              + status
              + (lines.isEmpty() ? "" : ": " + lines.getLast()));
    }
    return parse(lines, MergedUsr.of(new LayerView(layers)));
  }

  /** What programs inside are told. */
  static Map<String, String> environment() {
    return Map.of(
        "PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "HOME", "/root", "LC_ALL", "C", "LANG", "C");
  }

  /** Lines of the query; others, such as warnings, say nothing here. */
  static RpmDatabase parse(List<String> lines, MergedUsr merged) {
    SortedMap<String, String> versions = new TreeMap<>();
    SortedMap<String, String> architectures = new TreeMap<>();
    Map<String, String> owners = new HashMap<>();
    String own = own(lines);
    for (String line : lines) {
      String[] fields = line.split("\t", -1);
      boolean key = fields.length > 1 && fields[1].equals("gpg-pubkey");
      if (fields.length == 4 && fields[0].equals("P") && !key) {
        boolean foreign = !own.isEmpty() && !fields[3].equals(own) && !fields[3].equals("noarch");
        String name = foreign ? fields[1] + ":" + fields[3] : fields[1];
        versions.put(name, fields[2]);
        architectures.put(name, fields[3]);
      } else if (fields.length == 3 && fields[0].equals("F") && fields[2].startsWith("/")) {
        owners.put(merged.real(fields[2]), fields[1]);
      }
    }
    return new RpmDatabase(new PackageSet(versions, architectures), Map.copyOf(owners));
  }

  /** The architecture of rpm itself, which runs on this machine. */
  private static String own(List<String> lines) {
    return lines.stream()
        .filter(l -> l.startsWith("P\trpm\t"))
        .map(l -> l.substring(l.lastIndexOf('\t') + 1))
        .findFirst()
        .orElse("");
  }
}
