package org.lamina.templates.patch;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.lamina.templates.patch.MemoryTree.Thing;
import org.lamina.templates.patch.rpm.HeaderLists;
import org.lamina.templates.patch.rpm.RpmFamily;
import org.lamina.templates.patch.rpm.RpmTool;

/** The contract of all families, with rpm's database: the list of headers in one file. */
class RpmContractTest {
  @Nested
  class WithConfigurationThatIsReplaced extends PackageFamilyContract {
    WithConfigurationThatIsReplaced() {
      super(new Rpm("%"));
    }
  }

  @Nested
  class WithConfigurationThatIsNotReplaced extends PackageFamilyContract {
    WithConfigurationThatIsNotReplaced() {
      super(new Rpm("%%"));
    }
  }

  /**
   * @param mark of the configuration file
   */
  private record Rpm(String mark) implements Distribution {
    @Override
    public String databasePath() {
      return "var/lib/rpm/rpmdb.sqlite";
    }

    @Override
    public String database(List<Installed> packages) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (Installed one : packages) {
        boolean configured = one.name().equals("foo");
        out.writeBytes(
            HeaderLists.header(
                one.name(),
                one.version(),
                one.needs().stream().map(n -> n + "=" + one.version()).toList(),
                configured ? List.of(mark + "etc/foo.conf") : List.of()));
      }
      return out.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public List<String> tell(String database) throws IOException {
      return HeaderLists.tell(database.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public PackageFamily family(GenerationDiff diff, MemoryTree base, MemoryTree next)
        throws IOException {
      return new RpmFamily(diff, base, next, new Tool(base), new Tool(next));
    }

    @Override
    public void hold(MemoryTree delta, List<Installed> packages, String name) {
      String version =
          packages.stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow().version();
      delta.put("etc/dnf/plugins/versionlock.list", Thing.file(name + "-0:" + version + ".*\n"));
    }

    @Override
    public String damaged() {
      return "no database\n";
    }

    @Override
    public List<String> editedConfiguration(String path, String own, String offered) {
      return mark.equals("%")
          ? List.of(path + " " + offered, path + ".rpmsave " + own)
          : List.of(path + " " + own, path + ".rpmnew " + offered);
    }

    @Override
    public @Nullable String deletedConfiguration(String offered) {
      return offered;
    }
  }

  /** An rpm whose database is the list of headers itself. */
  private record Tool(MemoryTree generation) implements RpmTool {
    private static final String FILE = "rpmdb.sqlite";

    @Override
    public Path workplace() {
      try {
        return Files.createTempDirectory("rpm-contract");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public List<Lack> read(Path work) throws IOException {
      Files.move(work.resolve("database").resolve(FILE), work.resolve("headers"));
      return lacks(work.resolve("headers"));
    }

    @Override
    public List<Lack> readOwn(Path work) throws IOException {
      Files.write(work.resolve("headers"), generation.read("var/lib/rpm/" + FILE));
      return lacks(work.resolve("headers"));
    }

    @Override
    public List<Lack> build(Path work) throws IOException {
      Files.createDirectory(work.resolve("made"));
      Files.copy(work.resolve("headers"), work.resolve("made").resolve(FILE));
      return lacks(work.resolve("headers"));
    }

    private static List<Lack> lacks(Path headers) throws IOException {
      List<String> there = HeaderLists.tell(Files.readAllBytes(headers));
      List<Lack> out = new ArrayList<>();
      HeaderLists.needs(new ByteArrayInputStream(Files.readAllBytes(headers)))
          .forEach((nevra, needs) ->
              needs.stream()
                  .filter(need -> !there.contains(need.replace('=', ' ')))
                  .forEach(need ->
                      out.add(new Lack(nevra, need + " is needed by (installed) " + nevra))));
      return out;
    }
  }
}
