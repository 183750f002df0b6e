package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a running container has of its own, and what it sees of the host: one of each kind. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IsolationIT {
  private static final List<String> NAMESPACES =
      List.of("pid", "mnt", "uts", "net", "ipc", "cgroup");
  private final Map<SystemKind, Guest> guests = new EnumMap<>(SystemKind.class);
  private LaminaHost host;

  @BeforeAll
  void startAll() {
    host = LaminaHost.start();
    int ctid = 301;
    for (SystemKind kind : SystemKind.values()) {
      guests.put(kind, kind.create(host, ctid, "ct" + ctid).started());
      ctid++;
    }
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  private Guest of(SystemKind kind) {
    return java.util.Objects.requireNonNull(guests.get(kind));
  }

  private static String namespace(Path proc, String name) throws IOException {
    return Files.readSymbolicLink(proc.resolve("ns").resolve(name)).toString();
  }

  @ParameterizedTest
  @EnumSource
  void itsNamespacesAreItsOwn(SystemKind kind) throws IOException {
    for (String name : NAMESPACES) {
      String here = namespace(Path.of("/proc/self"), name);
      List<String> all = all(name);
      assertThat(all).describedAs(name).doesNotContain(here).doesNotHaveDuplicates();
    }
    String user = namespace(of(kind).proc(""), "user");
    if (kind.privileged()) {
      assertThat(user).isEqualTo(namespace(Path.of("/proc/self"), "user"));
    } else {
      assertThat(user).isNotEqualTo(namespace(Path.of("/proc/self"), "user"));
      assertThat(all("user")).containsOnlyOnce(user);
    }
  }

  private List<String> all(String name) throws IOException {
    List<String> found = new java.util.ArrayList<>();
    for (Guest guest : guests.values()) {
      found.add(namespace(guest.proc(""), name));
    }
    return found;
  }

  @ParameterizedTest
  @EnumSource
  void itsUserIdsAreItsOwnRange(SystemKind kind) throws IOException {
    Guest guest = of(kind);
    String map = Files.readString(guest.proc("uid_map")).strip().replaceAll(" +", " ");
    String groups = Files.readString(guest.proc("gid_map")).strip().replaceAll(" +", " ");
    assertThat(map)
        .isEqualTo(kind.privileged() ? "0 0 4294967295" : "0 " + guest.firstId() + " 65536")
        .isEqualTo(groups);
    assertThat(
            Stream.of(SystemKind.values()).filter(k -> !k.privileged()).map(k -> of(k).firstId()))
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void filesOnDiskBelongToTheShiftedIds(SystemKind kind) throws IOException {
    Guest guest = of(kind);
    guest
        .sh(
            "mkdir /srv/d; touch /srv/d/r; install -o www-data -g www-data /dev/null /usr/local/w;"
                + " chown 1:1 /etc/fstab; ln -s x /srv/d/l; mkfifo /srv/d/p")
        .ok();
    int base = guest.firstId();
    assertThat(base == 0).isEqualTo(kind.privileged());
    assertThat(Guest.owner(guest.delta("root", "srv/d"))).isEqualTo(base);
    assertThat(Guest.owner(guest.delta("root", "srv/d/r"))).isEqualTo(base);
    assertThat(Guest.owner(guest.delta("root", "srv/d/l"))).isEqualTo(base);
    assertThat(Guest.owner(guest.delta("root", "srv/d/p"))).isEqualTo(base);
    assertThat(Guest.owner(guest.delta("usr", "local/w"))).isEqualTo(base + 33);
    assertThat(Guest.owner(guest.delta("root", "etc/fstab"))).isEqualTo(base + 1);
    assertThat(
            guest.text("stat -c %u:%g /srv/d/r /usr/local/w /etc/fstab /etc/passwd /usr /").lines())
        .containsExactly("0:0", "33:33", "1:1", "0:0", "0:0", "0:0");
  }

  @ParameterizedTest
  @EnumSource
  void usrIsAMountOfItsOwnAndTheRootIsShared(SystemKind kind) throws IOException {
    List<String> mounts = Files.readAllLines(of(kind).proc("mountinfo"));
    assertThat(mounts)
        .filteredOn(line -> line.split(" ")[4].equals("/usr"))
        .singleElement()
        .asString()
        .contains(" - overlay ")
        .contains("delta/usr/upper")
        .contains("shared:");
    assertThat(mounts)
        .filteredOn(line -> line.split(" ")[4].equals("/"))
        .singleElement()
        .asString()
        .contains(" - overlay ")
        .contains("delta/root/upper")
        .contains("shared:");
  }

  @ParameterizedTest
  @EnumSource
  void theKernelsFilesAreMaskedOrReadOnly(SystemKind kind) throws IOException {
    Guest guest = of(kind);
    for (String file : List.of("kcore", "kallsyms", "keys", "timer_list", "sched_debug")) {
      assertThat(guest.sh("head -c 64 /proc/" + file).stdout()).describedAs(file).isEmpty();
    }
    String pattern = Files.readString(Path.of("/proc/sys/kernel/core_pattern"));
    for (String file :
        List.of(
            "sys/kernel/core_pattern",
            "sys/vm/drop_caches",
            "sys/kernel/hostname",
            "sysrq-trigger",
            "irq/default_smp_affinity")) {
      assertThat(guest.sh("echo 1 > /proc/" + file).exit()).describedAs(file).isNotZero();
    }
    assertThat(Files.readString(Path.of("/proc/sys/kernel/core_pattern"))).isEqualTo(pattern);
    assertThat(
            guest.sh("touch /sys/x || mkdir /sys/x || echo 1 > /sys/kernel/uevent_seqnum").exit())
        .isNotZero();
    assertThat(
            guest.text(
                "ls -A /sys/kernel/debug /sys/kernel/tracing /sys/kernel/security "
                    + "/sys/firmware /sys/fs/bpf 2>/dev/null | grep -v : || true"))
        .isEmpty();
    assertThat(guest.text("cat /proc/sys/kernel/random/boot_id"))
        .isNotEqualTo(Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip());
  }

  @ParameterizedTest
  @EnumSource
  void theNetworkSettingsAreItsOwn(SystemKind kind) {
    Guest guest = of(kind);
    assertThat(guest.text("ls /sys/class/net")).isEqualTo("lo");
    assertThat(
            guest.text("echo 1 > /proc/sys/net/ipv4/ip_forward; cat /proc/sys/net/ipv4/ip_forward"))
        .isEqualTo("1");
    // Loopback is up, so that services bound to it answer.
    assertThat(guest.text("exec 3<>/dev/tcp/127.0.0.1/22; head -c 4 <&3")).isEqualTo("SSH-");
  }

  @ParameterizedTest
  @EnumSource
  void onlyHarmlessDevicesAreThere(SystemKind kind) {
    Guest guest = of(kind);
    // By stat: a directory listing calls what is mounted on a plain file a plain file.
    List<String> nodes =
        guest
            .text(
                "cd /dev; for f in * pts/*; do [ -b $f ] || [ -c $f ] && [ ! -L $f ] && stat -c %n:%F $f; done; true")
            .lines()
            .toList();
    assertThat(nodes)
        .allMatch(node -> node.endsWith(":character special file"))
        .map(node -> node.substring(0, node.indexOf(':')))
        .contains("null", "zero", "full", "random", "urandom", "tty", "console", "pts/ptmx")
        .allMatch(name -> name.matches("null|zero|full|u?random|tty|console|pts/(ptmx|[0-9]+)"));
    assertThat(
            guest
                .text(
                    "head -c 4 /dev/urandom | wc -c; echo x > /dev/null; head -c 3 /dev/zero | wc -c")
                .lines())
        .containsExactly("4", "3");
  }

  @ParameterizedTest
  @EnumSource
  void hostProcessesAreNotSeen(SystemKind kind) {
    Guest guest = of(kind);
    assertThat(guest.text("ls -d /proc/[0-9]* | wc -l"))
        .satisfies(count -> assertThat(Integer.parseInt(count)).isBetween(2, 60));
    assertThat(guest.text("cat /proc/*/comm 2>/dev/null")).doesNotContain("java");
    assertThat(guest.text("cat /proc/self/cgroup")).doesNotContain(host.cgroupName());
    assertThat(guest.text("cat /proc/1/environ | tr '\\0' '\\n' | sort").lines())
        .contains("container=lamina")
        .noneMatch(line -> line.matches("(LAMINA|JAVA|OLDPWD|LOGNAME|USER|SSH).*"));
    assertThat(guest.text("readlink /proc/1/cwd")).isEqualTo("/");
  }

  @Test
  void theListShowsThemAll() {
    assertThat(host.run("vzlist").ok().stdout().lines())
        .hasSize(6)
        .first()
        .isEqualTo("      CTID      NPROC STATUS    IP_ADDR         HOSTNAME");
    assertThat(host.run("vzlist").ok().stdout().lines().skip(1))
        .allMatch(line -> line.matches(" {7}30[1-5] +[0-9]+ running   -               ct30[1-5]"));
    var json =
        tools.jackson.databind.json.JsonMapper.shared()
            .readTree(
                host.run("vzlist", "-j", "-o", "ctid,status,hostname,privileged").ok().stdout());
    assertThat(json.size()).isEqualTo(5);
    assertThat(json.get(0).get("ctid").asInt()).isEqualTo(301);
    assertThat(json.get(0).get("status").asString()).isEqualTo("running");
    assertThat(json.get(4).get("privileged").asBoolean()).isTrue();
    assertThat(json.get(4).get("hostname").asString()).isEqualTo("ct305");
  }
}
