package org.lamina.templates;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.CgroupVersion;

/**
 * A distribution release as data: one JSON file that an operator can drop into the definitions
 * directory; its base name is the template's name.
 *
 * @param family package family, such as {@code debian}
 * @param release release code name, such as {@code bookworm}
 * @param suites suites to install from, in the order given to apt
 * @param components archive components, such as {@code main}
 * @param packages packages beside the essential ones
 * @param init kind of init that the template boots, {@code systemd} or {@code sysvinit}
 * @param swappableTrees top-level directories that can be exchanged live, such as {@code usr}
 * @param variant how much the builder installs without being asked, such as {@code minbase}
 * @param maskedUnits systemd units that cannot work in a container of this release
 * @param updateSuites suites that only updates use beside {@code suites}
 * @param rpm repositories and keys of the rpm family; null for others
 * @param cgroups control groups that the init can work with: {@code any}, or {@code v1} for one
 *     that knows no other
 */
public record TemplateDefinition(
    String name,
    String summary,
    String family,
    String release,
    List<String> suites,
    List<String> components,
    List<String> packages,
    String init,
    List<String> swappableTrees,
    String variant,
    List<String> maskedUnits,
    List<String> updateSuites,
    @Nullable RpmArchive rpm,
    String cgroups) {
  /** Works with every kind of control groups that a host may have. */
  public static final String ANY_CGROUPS = "any";

  /** Knows only control groups of the first version. */
  public static final String CGROUPS_V1 = "v1";

  /** A definition with the smallest usual variant and nothing masked. */
  public TemplateDefinition(
      String name,
      String summary,
      String family,
      String release,
      List<String> suites,
      List<String> components,
      List<String> packages,
      String init,
      List<String> swappableTrees) {
    this(
        name,
        summary,
        family,
        release,
        suites,
        components,
        packages,
        init,
        swappableTrees,
        "minbase",
        List.of(),
        List.of());
  }

  /** A definition whose updates come from the suites it is built from. */
  public TemplateDefinition(
      String name,
      String summary,
      String family,
      String release,
      List<String> suites,
      List<String> components,
      List<String> packages,
      String init,
      List<String> swappableTrees,
      String variant,
      List<String> maskedUnits) {
    this(
        name,
        summary,
        family,
        release,
        suites,
        components,
        packages,
        init,
        swappableTrees,
        variant,
        maskedUnits,
        List.of());
  }

  /** A definition of a family without repositories of rpm, for every kind of control groups. */
  public TemplateDefinition(
      String name,
      String summary,
      String family,
      String release,
      List<String> suites,
      List<String> components,
      List<String> packages,
      String init,
      List<String> swappableTrees,
      String variant,
      List<String> maskedUnits,
      List<String> updateSuites) {
    this(
        name,
        summary,
        family,
        release,
        suites,
        components,
        packages,
        init,
        swappableTrees,
        variant,
        maskedUnits,
        updateSuites,
        null,
        ANY_CGROUPS);
  }

  @SuppressWarnings("ConstantValue") // generations built before the last keys came have none
  public TemplateDefinition {
    suites = List.copyOf(suites);
    components = List.copyOf(components);
    packages = List.copyOf(packages);
    swappableTrees = List.copyOf(swappableTrees);
    maskedUnits = List.copyOf(maskedUnits);
    updateSuites = updateSuites == null ? List.of() : List.copyOf(updateSuites);
    cgroups = cgroups == null ? ANY_CGROUPS : cgroups;
  }

  /** What its init is given. */
  public CgroupVersion guestCgroups() {
    return cgroups.equals(CGROUPS_V1) ? CgroupVersion.V1 : CgroupVersion.V2;
  }

  /** The same with the archive of another definition, to take updates from there. */
  public TemplateDefinition withArchiveOf(TemplateDefinition other) {
    return new TemplateDefinition(
        name,
        summary,
        family,
        release,
        other.suites,
        other.components,
        packages,
        init,
        swappableTrees,
        variant,
        maskedUnits,
        other.updateSuites,
        rpm == null || other.rpm == null ? rpm : rpm.renewedBy(other.rpm),
        cgroups);
  }

  /** The same with what the operator asked for; only families with repositories can honour it. */
  TemplateDefinition with(RpmArchive archive) {
    return new TemplateDefinition(
        name,
        summary,
        family,
        release,
        suites,
        components,
        packages,
        init,
        swappableTrees,
        variant,
        maskedUnits,
        updateSuites,
        archive,
        cgroups);
  }

  /** The same with every suite that an update uses among its suites. */
  public TemplateDefinition forUpdates() {
    List<String> all = new ArrayList<>(suites);
    updateSuites.stream().filter(s -> !suites.contains(s)).forEach(all::add);
    return new TemplateDefinition(
        name,
        summary,
        family,
        release,
        all,
        components,
        packages,
        init,
        swappableTrees,
        variant,
        maskedUnits,
        updateSuites,
        rpm,
        cgroups);
  }
}
