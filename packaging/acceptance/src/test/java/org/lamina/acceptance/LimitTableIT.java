package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamina.agent.cgroup.Machine;
import org.lamina.schema.CpuList;
import org.lamina.schema.ExitCode;

/** What every limit of the table becomes on a running container, by file and by kernel. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LimitTableIT {
  private static final int CTID = 840;

  /** No limit at all, each said by name. */
  private static final String FREE =
      "--ram unlimited --swap unlimited --memguarantee auto --cpulimit 0 --cpuunits 1000 --cpus 0"
          + " --cpumask all --nodemask all --ioprio 4 --iolimit 0 --iopslimit 0"
          + " --numproc unlimited --numfile unlimited --numpty unlimited";

  private LaminaHost host;
  private Guest guest;
  private LimitColumn here;
  private Map<String, String> freeConfiguration;
  private Map<String, String> freeKernel;

  @BeforeAll
  void start() {
    host = LaminaHost.start();
    guest = Guest.create(host, CTID, "debian-12").started();
    set(FREE).ok();
    freeConfiguration = configuration();
    freeKernel = ControlFiles.read(guest);
    Machine machine = Machine.host(guest.privateArea());
    here =
        new LimitColumn(
            ControlFiles.pureV2(),
            allowed("cpuset.cpus"),
            allowed("cpuset.mems"),
            machine::cpusOfNode,
            machine.disk(),
            freeKernel::containsKey,
            unreclaimable(),
            CTID);
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  static List<LimitRow> rows() throws IOException {
    return LimitRow.all();
  }

  private CommandResult set(String words) {
    return guest.vzctl("set", (words + " --save").split(" "));
  }

  private Map<String, String> configuration() {
    return read(guest.privateArea().resolve("ve.conf"))
        .lines()
        .filter(line -> line.contains("="))
        .map(line -> line.split("=", 2))
        .collect(
            Collectors.toMap(
                pair -> pair[0],
                pair -> pair[1].replaceAll("^\"|\"$", ""),
                (first, second) -> "twice",
                TreeMap::new));
  }

  /** Takes every limit off, so that the next row meets what the first one met. */
  @AfterEach
  void free() {
    Map<String, String> now = configuration();
    if (now.entrySet().containsAll(freeConfiguration.entrySet())
        && ControlFiles.read(guest).equals(freeKernel)) {
      return;
    }
    CommandResult result = set(FREE);
    if (now.get("NUMFILE").equals("unlimited") || result.exit() == 0) {
      result.ok();
    } else {
      // To raise it takes a capability that the root of some hosts, themselves containers, lacks.
      result.ended(ExitCode.UBC_FAILED);
      guest.vzctl("stop", "--fast").ok();
      set(FREE).ok();
      guest.started();
    }
    assertThat(configuration()).containsAllEntriesOf(freeConfiguration);
    assertThat(ControlFiles.read(guest)).isEqualTo(freeKernel);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** CPUs or memory nodes of all containers. */
  private CpuList allowed(String file) {
    String name = ControlFiles.pureV2() ? file + ".effective" : file;
    return new CpuList(read(ControlFiles.base(host, "cpuset").resolve(name)));
  }

  /** Bytes of memory that belong to no file. */
  private long unreclaimable() {
    String name = ControlFiles.pureV2() ? "anon " : "total_rss ";
    Path file = ControlFiles.base(host, "memory").resolve(guest.ctid()).resolve("memory.stat");
    return read(file)
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.substring(name.length())))
        .sum();
  }

  @Test
  void theHostsOfTheTableAreUnderstood() throws IOException {
    for (LimitRow row : rows()) {
      assertThat(LimitColumn.RECORDED_V1.of(row)).as("%s on v1", row).isEqualTo(row.v1());
      assertThat(LimitColumn.RECORDED_V2.of(row)).as("%s on v2", row).isEqualTo(row.v2());
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void everyValue_isHeld_orRefused(LimitRow row) throws IOException {
    String cell = here.of(row);
    if (cell.startsWith("refused ")) {
      refused(row, ExitCode.valueOf(cell.substring("refused ".length())));
      return;
    }
    if (cell.equals("-")) {
      // There is something to take off then.
      limiting(row).ifPresent(other -> set(other.words()).ok());
    }
    Map<String, String> saved = configuration();
    saved.putAll(LimitRow.pairs(row.saved(), " "));
    Map<String, String> held = new TreeMap<>(freeKernel);
    held.putAll(LimitRow.pairs(cell, " ; "));
    set(row.words()).ok();
    assertThat(configuration()).isEqualTo(saved);
    assertThat(ControlFiles.read(guest)).isEqualTo(held);
  }

  private void refused(LimitRow row, ExitCode code) {
    Map<String, String> saved = configuration();
    CommandResult result = set(row.words()).ended(code);
    assertThat(result.stdout()).isEmpty();
    assertThat(result.stderr())
        .isNotBlank()
        .hasSizeLessThan(1000)
        .doesNotContain("Exception", "internal error");
    assertThat(configuration()).isEqualTo(saved);
    assertThat(ControlFiles.read(guest)).isEqualTo(freeKernel);
  }

  /** The first row of the same options that the kernel of this host holds. */
  private Optional<LimitRow> limiting(LimitRow row) throws IOException {
    return rows().stream()
        .filter(other -> other.options().keySet().equals(row.options().keySet()))
        .filter(other -> !here.of(other).equals("-") && !here.of(other).startsWith("refused"))
        .findFirst();
  }
}
