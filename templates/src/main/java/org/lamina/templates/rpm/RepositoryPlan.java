package org.lamina.templates.rpm;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.RpmArchive;
import org.lamina.templates.TemplateDefinition;
import org.lamina.templates.build.BuildContainer.Given;

/**
 * The repositories of one build with every variable filled in. Pure, but for {@link #check}.
 *
 * @param sources in the order of the definition
 */
record RepositoryPlan(List<Source> sources) {
  /** What {@code $basearch} stands for: the one architecture Lamina runs on. */
  private static final String BASEARCH = "x86_64";

  /**
   * One repository.
   *
   * @param url of the repository, a list of mirrors or a Metalink document, as dnf takes it
   * @param local the directory on this host if it is one
   */
  record Source(String id, RpmArchive.Kind kind, String url, Optional<Path> local) {}

  static RepositoryPlan of(TemplateDefinition definition) {
    RpmArchive archive = archive(definition);
    List<Source> out = new ArrayList<>();
    for (RpmArchive.Repository repository : archive.repositories()) {
      String mirror = archive.mirror();
      RpmArchive.Kind kind = mirror == null ? repository.kind() : RpmArchive.Kind.BASEURL;
      String url =
          mirror == null
              ? repository.url()
              : mirror.replaceFirst("/+$", "") + "/" + repository.path();
      String filled = filled(url, definition.release());
      Optional<Path> local =
          filled.startsWith("file:")
              ? Optional.of(Path.of(URI.create(filled).getPath()))
              : Optional.empty();
      out.add(new Source(repository.id(), kind, filled, local));
    }
    return new RepositoryPlan(List.copyOf(out));
  }

  static RpmArchive archive(TemplateDefinition definition) {
    RpmArchive archive = definition.rpm();
    if (archive == null) {
      throw new IllegalArgumentException(definition.name() + " has no repositories");
    }
    return archive;
  }

  /** The address with the definition's release and this host's architecture. */
  static String filled(String url, String release) {
    return url.replace("$releasever", release).replace("$basearch", BASEARCH);
  }

  /** Directories of this host that the download must see. */
  List<Given> given() {
    List<Given> out = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      String name = "repository-" + i;
      sources.get(i).local().ifPresent(path -> out.add(new Given(path, name, false)));
    }
    return out;
  }

  /** The address of a source as it is inside the container of the download. */
  String inside(int index) {
    Source source = sources.get(index);
    return source.local().isPresent() ? "file:///run/lamina/repository-" + index : source.url();
  }

  /**
   * Looks whether repositories on this host are there.
   *
   * @param what what is tried on which template, for messages
   * @throws LaminaException TEMPLATE_BUILD_FAILED if one is not
   */
  void check(String what) {
    for (Source source : sources) {
      if (source.local().isPresent() && !Files.isDirectory(source.local().get())) {
        throw new LaminaException(
            ExitCode.TEMPLATE_BUILD_FAILED,
            what
                + ": there is no directory "
                + source.local().get()
                + " of repository "
                + source.id(),
            "Correct the mirror or the template's definition.");
      }
    }
  }

  /** For people: identifiers and addresses without passwords. */
  List<String> names() {
    return sources.stream()
        .map(s -> s.url().replaceFirst("^([a-z]+://)[^/@]*@", "$1") + " " + s.id())
        .toList();
  }
}
