package org.lamina.manager.cli.vzctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.manager.core.ConfigChange;
import org.lamina.manager.core.ConfigChange.Kept;
import org.lamina.manager.core.SettingsChange;
import org.lamina.schema.ByteSize;
import org.lamina.schema.CpuList;
import org.lamina.schema.GuestAddress;
import org.lamina.schema.LaminaException;
import org.lamina.schema.LimitKeys;
import org.lamina.schema.Limits;
import org.lamina.schema.LimitsBuilder;
import org.lamina.schema.NetifChange;
import org.lamina.schema.NetworkChange;
import org.lamina.schema.PoolRequest;
import org.lamina.schema.PublishedPort;
import org.lamina.schema.TrafficRate;

class SetArgumentsTest {
  private static SetArguments read(String line) {
    return SetArguments.read(SetOptions.TABLE.parse("vzctl set", List.of(line.split(" ", -1))));
  }

  @Test
  void everyOption_landsInItsPlace() {
    SetArguments asked =
        read(
            "101 --ram 512M --swap 1G --cpulimit 50% --cpuunits 2000 --numproc 100:200"
                + " --hostname h --name n --description d --onboot yes --bootorder 3"
                + " --disabled no --stop-timeout 60 --userpasswd root:a:b --label env=prod,old= --setmode"
                + " restart --save");
    assertThat(asked.save()).isTrue();
    assertThat(asked.changes()).isTrue();
    assertThat(asked.change())
        .isEqualTo(
            new SettingsChange(
                new Limits(ByteSize.parse("512M", 1), ByteSize.parse("1G", 1), 50.0, 2000, 200L),
                "h",
                "n",
                "d",
                true,
                3,
                false,
                60,
                "root:a:b",
                ConfigChange.NONE,
                NetworkChange.NONE,
                Map.of("env", "prod", "old", "")));
  }

  @Test
  void everyLimit_landsInItsPlace() {
    assertThat(
            read("101 --memguarantee 30% --cpus 3 --cpumask auto --nodemask 0-1 --ioprio 7"
                    + " --iolimit 10M --iopslimit 500 --numfile 10:4096 --numpty 16"
                    + " --applyconfig basic --kmemsize 1K:unlimited --lockedpages 4M"
                    + " --numflock 7 --vm_overcommit 1.5")
                .change())
        .isEqualTo(
            new SettingsChange(
                    new LimitsBuilder()
                        .guarantee(30)
                        .cpus(3)
                        .cpuMask(CpuList.AUTO)
                        .nodeMask(new CpuList("0-1"))
                        .ioPriority(7)
                        .ioLimit(new ByteSize(10 << 20))
                        .iopsLimit(500L)
                        .numfile(4096L)
                        .numpty(16L)
                        .build(),
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null)
                .with(
                    new ConfigChange(
                        Map.of(
                            "KMEMSIZE", new Kept("--kmemsize", "1024:unlimited"),
                            "LOCKEDPAGES", new Kept("--lockedpages", "1024:1024"),
                            "NUMFLOCK", new Kept("--numflock", "7:7"),
                            "VM_OVERCOMMIT", new Kept("--vm_overcommit", "1.5")),
                        "basic",
                        null,
                        false)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--cpus 0 | CPUS | 0",
        "--cpus unlimited | CPUS | 0",
        "--cpus 8192 | CPUS | 8192",
        "--cpumask 3,1,2 | CPUMASK | 1-3",
        "--cpumask all --nodemask all | NODEMASK | all",
        "--memguarantee auto | MEMGUARANTEE | auto",
        "--memguarantee 0 | MEMGUARANTEE | auto",
        "--memguarantee 100% | MEMGUARANTEE | 100",
        "--ioprio 0 | IOPRIO | 0",
        "--iolimit 0 | IOLIMIT | 0",
        "--iolimit unlimited | IOLIMIT | 0",
        "--iolimit 64K | IOLIMIT | 65536",
        "--iolimit 1048576 | IOLIMIT | 1048576",
        "--iopslimit 0 | IOPSLIMIT | 0",
        "--iopslimit 4294967295 | IOPSLIMIT | 4294967295",
        "--numfile unlimited | NUMFILE | unlimited",
        "--numproc 5:unlimited | NUMPROC | unlimited",
        "--numpty 1 | NUMPTY | 1",
        "--ram 1.5G | PHYSPAGES | 0:393216",
        "--swap 0 | SWAPPAGES | 0:0",
        "--cpulimit 12.5% | CPULIMIT | 12.5",
        "--cpuunits 8 | CPUUNITS | 8",
        "--cpuunits 500000 | CPUUNITS | 500000",
      })
  void borders_areKeptInNormalForm(String options, String key, String saved) {
    Map<String, String> values = new HashMap<>();
    LimitKeys.render(read("101 " + options).change().limits(), values);
    assertThat(values).containsEntry(key, saved);
  }

  @Test
  void networkOptions_canBeRepeated_orHoldSeveral() {
    assertThat(
            read("101 --ipadd 10.0.0.1/24 --ipadd fd00::1,10.0.0.2 --ipadd 0.0.0.0 --ipdel all"
                    + " --nameserver 9.9.9.9 --nameserver 2620:fe::fe --searchdomain inherit"
                    + " --publish 80:80 --unpublish 81:80/udp --rate *:1:1024")
                .change()
                .network())
        .isEqualTo(
            new NetworkChange(
                true,
                List.of(),
                Stream.of("10.0.0.1/24", "fd00::1", "10.0.0.2").map(GuestAddress::parse).toList(),
                List.of("9.9.9.9", "2620:fe::fe"),
                List.of("inherit"),
                false,
                List.of(PublishedPort.parse("81:80/udp")),
                List.of(PublishedPort.parse("80:80")),
                new TrafficRate(1024)));
    assertThat(read("101 --nameserver=").change().network().nameservers()).isEmpty();
    assertThat(read("101 --ram 1G").change().network()).isEqualTo(NetworkChange.NONE);
  }

  @Test
  void interfaceOptions_areAboutTheOneThatIsNamed() {
    NetworkChange change =
        read("101 --netif_add eth0,,,,br0 --netif_del eth1 --netdev_add nic0 --netdev_del all"
                + " --ifname eth0 --ipadd 10.0.0.2/24 --ipadd auto6 --ipdel all --gw none"
                + " --mac 02:00:00:00:00:01 --mac_filter off --dhcp6 no --bridge br1")
            .change()
            .network();
    assertThat(change.added()).as("routed addresses").isEmpty();
    assertThat(change.deleteAllAddresses()).isFalse();
    NetifChange interfaces = change.interfaces();
    assertThat(interfaces.added().getFirst().bridge()).isEqualTo("br0");
    assertThat(interfaces.deleted()).containsExactly("eth1");
    assertThat(interfaces.taken()).containsExactly("nic0");
    assertThat(interfaces.returnAll()).isTrue();
    NetifChange.Edit edit = interfaces.edits().getFirst();
    assertThat(edit.added()).containsExactly(GuestAddress.parse("10.0.0.2/24"));
    assertThat(edit.wanted()).containsExactly(new PoolRequest(null, true));
    assertThat(edit.deleteAllAddresses()).isTrue();
    assertThat(edit.gateway4()).isEmpty();
    assertThat(edit.gateway6()).isNull();
    assertThat(edit.macFilter()).isFalse();
    assertThat(edit.dhcp6()).isFalse();
    assertThat(edit.dhcp4()).isNull();
    assertThat(read("101 --ipadd auto:few --skip_arpdetect").change().network().unasked()).isTrue();
    for (String bad :
        List.of(
            "101 --mac 02:00:00:00:00:01",
            "101 --bridge br0",
            "101 --ifname lo",
            "101 --ifname eth0 --mac 03:00:00:00:00:01",
            "101 --ifname eth0 --mac_filter perhaps",
            "101 --ifname eth0 --dhcp perhaps",
            "101 --netif_add eth0,x",
            "101 --netdev_add a/b")) {
      assertThatThrownBy(() -> read(bad)).as(bad).isInstanceOf(LaminaException.class);
    }
  }

  @Test
  void nothingGiven_isNoChange() {
    assertThat(read("101 --save").changes()).isFalse();
    assertThat(read("101 --setmode ignore").changes()).isFalse();
    assertThat(read("101 --ram 1G").change().limits().swap()).isNull();
    assertThat(read("101 --hostname ").change().hostname()).isEmpty();
  }

  @Test
  void pageForms_setTheSameLimits() {
    assertThat(read("101 --physpages 0:131072").change().limits().ram())
        .isEqualTo(ByteSize.parse("512M", 1));
    assertThat(read("101 --swappages 0:512M").change().limits().swap())
        .isEqualTo(ByteSize.parse("512M", 1));
    assertThat(read("101 --ram unlimited").change().limits().ram()).isEqualTo(ByteSize.UNLIMITED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "131 | 101 --name n | needs --save",
        "20 | 101 --onboot yes | needs --save",
        "20 | 101 --bootorder 1 | needs --save",
        "20 | 101 --disabled yes | needs --save",
        "20 | 101 --description d | needs --save",
        "20 | 101 --stop-timeout 5 | needs --save",
        "20 | 101 --ram 1G --setmode restart | needs --save",
        "21 | 101 --ram 1G --setmode now | bad value for --setmode",
        "21 | 101 --ram 512 | did you mean 512M?",
        "21 | 101 --ram 0 | needs memory",
        "21 | 101 --physpages 0 | needs memory",
        "21 | 101 --ram 1G --physpages 1 | same limit",
        "21 | 101 --ram 1G --ram 2G | given twice",
        "21 | 101 --cpulimit -1 | bad value for --cpulimit",
        "21 | 101 --cpuunits 7 | from 8 to 500000",
        "21 | 101 --cpuunits 500001 | from 8 to 500000",
        "21 | 101 --numproc 0 | bad value for --numproc",
        "21 | 101 --onboot maybe --save | yes or no",
        "21 | 101 --bootorder -1 --save | whole number",
        "21 | 101 --stop-timeout 3601 --save | 0 to 3600",
        "21 | 101 --userpasswd root | USER:PASSWORD",
        "21 | 101 --userpasswd :x | USER:PASSWORD",
        "21 | 101 --userpasswd root: | USER:PASSWORD",
        "21 | 101 --mount_opts noatime --save | not in this release",
        "21 | 101 --kmemsize 1:2:3 | BARRIER:LIMIT",
        "21 | 101 --kmemsize -1 | bad value for --kmemsize",
        "21 | 101 --numflock 5K | bad value for --numflock",
        "21 | 101 --numflock 1: | bad value for --numflock",
        "21 | 101 --lockedpages 99999999999999999999 | bad value for --lockedpages",
        "21 | 101 --vm_overcommit a | bad value for --vm_overcommit",
        "21 | 101 --meminfo all | bad value for --meminfo",
        "21 | 101 --cpus -1 | bad value for --cpus",
        "21 | 101 --cpus 1.5 | bad value for --cpus",
        "21 | 101 --cpus 8193 | bad value for --cpus",
        "21 | 101 --cpumask 2-1 | bad value for --cpumask",
        "21 | 101 --cpumask all,1 | bad value for --cpumask",
        "21 | 101 --cpumask auto | needs --nodemask",
        "21 | 101 --nodemask 0 | needs --cpumask",
        "21 | 101 --nodemask auto --cpumask 0 | node numbers",
        "21 | 101 --memguarantee 101 | bad value for --memguarantee",
        "21 | 101 --memguarantee x% | bad value for --memguarantee",
        "21 | 101 --ioprio 8 | from 0 to 7",
        "21 | 101 --ioprio -1 | bad value for --ioprio",
        "21 | 101 --iolimit 10 | did you mean 10M?",
        "21 | 101 --iolimit 63K | The least is 64.0K",
        "21 | 101 --iolimit -1 | bad value for --iolimit",
        "21 | 101 --iopslimit 4294967296 | bad value for --iopslimit",
        "21 | 101 --iopslimit 5K | bad value for --iopslimit",
        "21 | 101 --numfile 0 | bad value for --numfile",
        "21 | 101 --numfile 1K | bad value for --numfile",
        "21 | 101 --numpty 0 | bad value for --numpty",
        "20 | 101 --reset_ub --ram 1G | no other option",
        "20 | 101 --applyconfig a --applyconfig_map b --save | Give one of",
        "20 | 101 --applyconfig_map b | needs --save",
        "21 | 101 --netfilter full | not in this release",
        "71 | 101 --ipadd 10.0.0.256 | bad IP address",
        "71 | 101 --ipadd 127.0.0.1 | cannot have the address",
        "71 | 101 --ipdel web1 | bad IP address",
        "71 | 101 --publish 80 | bad port",
        "21 | 101 --ipadd= | is empty",
        "21 | 101 --rate 1M | bad rate",
        "21 | 101 --private /x --save | not in this release",
        "21 | 101 --pci_add 01:00.0 | not in this release",
        "21 | --save | no CTID",
        "20 | 101 102 --save | unexpected argument",
        "21 | 0 --cpuunits 1000 | host itself",
      })
  void badLines_areRefused(int code, String line, String message) {
    assertThatThrownBy(() -> read(line))
        .isInstanceOfSatisfying(
            LaminaException.class,
            e -> {
              assertThat(e.exitCode().code()).isEqualTo(code);
              assertThat(e.text() + " " + e.hint().orElse("")).contains(message);
            });
  }

  @Test
  void aPassword_isNeverInTheMessage() {
    assertThatThrownBy(() -> read("101 --userpasswd :geheim"))
        .isInstanceOfSatisfying(
            LaminaException.class, e -> assertThat(e.text() + e.hint()).doesNotContain("geheim"));
  }
}
