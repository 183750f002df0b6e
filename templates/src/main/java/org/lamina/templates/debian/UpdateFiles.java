package org.lamina.templates.debian;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.lamina.templates.TemplateDefinition;
import org.lamina.templates.UpdateRequest;
import org.lamina.templates.build.BuildContainer.Given;
import org.lamina.templates.build.UpdateWork;
import org.lamina.templates.tree.LayerView;

/**
 * The files that an update's programs read. What the maintainer scripts may know lies in one
 * directory; what only the download needs (passwords of mirrors and proxies, certificates) lies in
 * another, which they never see.
 */
final class UpdateFiles {
  private static final String OWN_SOURCES = "etc/apt/sources.list.d/debian.sources";
  private static final List<String> SETTINGS =
      List.of(
          "Dir::Etc::sourcelist \"/dev/null\";",
          "Dir::Etc::sourceparts \"/run/lamina/sources.list.d\";",
          "Dir::Etc::preferences \"/dev/null\";",
          "Dir::Etc::preferencesparts \"/run/lamina/preferences.d\";",
          "Dir::State::lists \"/run/lamina/lists/\";",
          "Dir::Cache::archives \"/run/lamina/archives/\";",
          "Dir::Cache::pkgcache \"/run/lamina/cache/pkgcache.bin\";",
          "Dir::Cache::srcpkgcache \"/run/lamina/cache/srcpkgcache.bin\";",
          "Dir::Log \"/run/lamina/log\";",
          "APT::Get::Assume-Yes \"true\";",
          "APT::Install-Recommends \"false\";",
          "APT::Install-Suggests \"false\";",
          "APT::Update::Error-Mode \"any\";",
          "Acquire::Languages \"none\";",
          "Dpkg::Use-Pty \"0\";",
          "DPkg::Options:: \"--force-confdef\";",
          "DPkg::Options:: \"--force-confold\";",
          // The layer is flushed as a whole when it is complete.
          "DPkg::Options:: \"--force-unsafe-io\";",
          "DPkg::Options:: \"--log=/run/lamina/log/dpkg.log\";");

  private final Path given;
  private final Path secret;
  private final List<MirrorPlan.Suite> suites;
  private final List<Given> certificates = new ArrayList<>();

  private UpdateFiles(Path given, Path secret, List<MirrorPlan.Suite> suites) {
    this.given = given;
    this.secret = secret;
    this.suites = suites;
  }

  /**
   * @param dump output of the host's {@code apt-config dump}
   * @param preferences apt preferences of the update
   */
  static UpdateFiles write(UpdateWork work, LayerView view, String dump, String preferences)
      throws IOException {
    Path scratch = work.scratch();
    TemplateDefinition definition = work.definition().forUpdates();
    MirrorPlan plan = MirrorPlanner.plan(AptSourceFiles.read(work.aptSources()), definition);
    List<MirrorPlan.Suite> suites = plan.builtIn() ? own(view, definition) : plan.suites();
    UpdateFiles files =
        new UpdateFiles(open(scratch.resolve("given")), open(scratch.resolve("secret")), suites);
    files.put(files.given, "prepare.sh", Scripts.text("update-prepare.sh"), false);
    for (String step : List.of("fetch", "install", "script")) {
      files.put(files.given, step + ".sh", Scripts.text("update-" + step + ".sh"), false);
    }
    if (work.request().scope() instanceof UpdateRequest.Script script) {
      files.put(files.given, "script", script.text(), true);
    }
    files.put(files.given, "preferences", preferences, false);
    files.sources(plan.builtIn(), work.scratch());
    files.settings(dump, work.aptSources());
    return files;
  }

  List<MirrorPlan.Suite> suites() {
    return suites;
  }

  /** What every step sees. */
  List<Given> forAll() {
    return List.of(new Given(given, "given", false));
  }

  /** What only the download sees. */
  List<Given> forDownload() {
    List<Given> out = new ArrayList<>(certificates);
    out.add(new Given(secret, "secret", false));
    return out;
  }

  /** The generation's own sources, with the update suites beside those of the same kind. */
  private static List<MirrorPlan.Suite> own(LayerView view, TemplateDefinition definition)
      throws IOException {
    String text =
        view.read(OWN_SOURCES, 1 << 20)
            .orElseThrow(
                () -> new IOException("neither the host nor the template names a Debian archive"));
    List<MirrorPlan.Suite> out =
        new ArrayList<>(MirrorPlan.suitesOf(AptSourceParser.deb822(text, OWN_SOURCES)));
    for (String suite : definition.updateSuites()) {
      boolean security = MirrorPlanner.isSecurity(suite);
      Optional<MirrorPlan.Suite> like =
          out.stream().filter(s -> MirrorPlanner.isSecurity(s.suite()) == security).findFirst();
      if (out.stream().noneMatch(s -> s.suite().equals(suite))) {
        out.add(
            new MirrorPlan.Suite(
                like.map(MirrorPlan.Suite::uri).orElse("http://deb.debian.org/debian-security"),
                suite,
                definition.components(),
                like.or(() -> out.stream().findFirst()).flatMap(MirrorPlan.Suite::signedBy)));
      }
    }
    return out;
  }

  /** Keys are those of the host, so the template cannot vouch for itself. */
  private void sources(boolean inside, Path scratch) throws IOException {
    List<String> keyrings = new ArrayList<>();
    Path keys = open(given.resolve("keys"));
    for (MirrorPlan.Suite suite : suites) {
      if (inside) {
        keyrings.add(suite.signedBy().filter(k -> k.startsWith("/")).orElse(""));
        continue;
      }
      String name = "key-" + keyrings.size();
      Optional<Path> keyring = Keyrings.of(suite.signedBy(), scratch, name);
      if (keyring.isPresent()) {
        String file = keyring.get().getFileName().toString();
        String copy = name + (file.endsWith(".asc") ? ".asc" : ".gpg");
        Files.copy(keyring.get(), keys.resolve(copy), StandardCopyOption.REPLACE_EXISTING);
        mode(keys.resolve(copy), "rw-r--r--");
        keyrings.add("/run/lamina/given/keys/" + copy);
      } else {
        keyrings.add("");
      }
    }
    put(given, "debian.sources", GuestSources.deb822(suites, keyrings), false);
    put(secret, "debian.sources", GuestSources.stanzas(suites, keyrings), false);
  }

  private void settings(String dump, Path aptSources) throws IOException {
    List<String> shared = AptSettings.shared(dump);
    List<String> open = new ArrayList<>(shared);
    open.removeIf(line -> line.contains("@") || line.contains(" \"/"));
    open.addAll(SETTINGS);
    put(given, "apt.conf", String.join("\n", open) + "\n", false);
    List<String> all = new ArrayList<>();
    shared.forEach(line -> all.add(inside(line)));
    if (all.stream().noneMatch(line -> line.toLowerCase(Locale.ROOT).contains("::cainfo"))
        && Files.isReadable(AptSettings.AUTHORITIES)) {
      all.add(inside("Acquire::https::CaInfo \"" + AptSettings.AUTHORITIES + "\";"));
    }
    AptSettings.credentials(aptSources).forEach(line -> all.add(inside(line)));
    put(secret, "apt.conf", String.join("\n", all) + "\n", false);
  }

  /** A setting that names a file of the host names what the file is called inside. */
  private String inside(String setting) {
    int from = setting.indexOf(" \"/") + 2;
    int to = setting.lastIndexOf('"');
    if (from < 2 || to <= from) {
      return setting;
    }
    Path file = Path.of(setting.substring(from, to));
    if (!Files.exists(file)) {
      return setting;
    }
    Given shown = new Given(file, "host-" + certificates.size(), false);
    certificates.add(shown);
    return setting.substring(0, from) + "/run/lamina/" + shown.name() + setting.substring(to);
  }

  private static Path open(Path directory) throws IOException {
    Files.createDirectory(directory);
    mode(directory, "rwxr-xr-x");
    return directory;
  }

  private void put(Path directory, String name, String text, boolean program) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, text, StandardCharsets.UTF_8);
    mode(file, program ? "rwxr-xr-x" : "rw-r--r--");
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }
}
