package org.lamina.templates.patch;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.patch.MemoryTree.Thing;
import org.lamina.templates.patch.debian.DebianFamily;

/** The contract of all families, with dpkg's database. */
class DebianContractTest extends PackageFamilyContract {
  private static final Pattern STANZA =
      Pattern.compile("Package: (\\S+)\n(?s:.*?)Version: (\\S+)\n");

  DebianContractTest() {
    super(new Debian());
  }

  private static final class Debian implements Distribution {
    @Override
    public String databasePath() {
      return "var/lib/dpkg/status";
    }

    @Override
    public String database(List<Installed> packages) {
      return status(packages, "");
    }

    private static String status(List<Installed> packages, String held) {
      StringBuilder out = new StringBuilder();
      for (Installed one : packages) {
        out.append("Package: ").append(one.name()).append("\nStatus: ");
        out.append(one.name().equals(held) ? "hold" : "install").append(" ok installed\n");
        out.append("Architecture: all\nVersion: ").append(one.version()).append('\n');
        one.needs()
            .forEach(n -> out.append("Depends: ").append(n).append(" (= " + one.version() + ")\n"));
        if (one.name().equals("foo")) {
          out.append("Conffiles:\n /etc/foo.conf 0123456789abcdef0123456789abcdef\n");
        }
        out.append('\n');
      }
      return out.toString();
    }

    @Override
    public List<String> tell(String database) {
      return STANZA
          .matcher(database)
          .results()
          .map(m -> m.group(1) + " " + m.group(2))
          .sorted()
          .toList();
    }

    @Override
    public PackageFamily family(GenerationDiff diff, MemoryTree base, MemoryTree next)
        throws IOException {
      return new DebianFamily(diff, base, next);
    }

    @Override
    public void hold(MemoryTree delta, List<Installed> packages, String name) {
      delta.put(databasePath(), Thing.file(status(packages, name)));
    }

    @Override
    public String damaged() {
      return "no database\n";
    }

    @Override
    public List<String> editedConfiguration(String path, String own, String offered) {
      return List.of(path + " " + own, path + ".dpkg-dist " + offered);
    }

    @Override
    public @Nullable String deletedConfiguration(String offered) {
      return null;
    }
  }
}
