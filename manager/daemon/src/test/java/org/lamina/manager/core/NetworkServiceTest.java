package org.lamina.manager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.agent.NetworkHost.Member;
import org.lamina.schema.AddressRange;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.GuestAddress;
import org.lamina.schema.IpAddress;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;
import org.lamina.schema.Netif;
import org.lamina.schema.NetifChange;
import org.lamina.schema.NetworkChange;
import org.lamina.schema.PoolRequest;

/** Pools, networks of the host's own, and what both give to containers. */
class NetworkServiceTest {
  @TempDir Path dir;
  private TestHost host;
  private TestDaemon daemon;
  private NetworkService networks;

  @BeforeEach
  void boot() throws IOException {
    host = new TestHost(dir);
    daemon = host.boot();
    networks = daemon.core.networks();
  }

  @AfterEach
  void close() {
    host.close();
  }

  private static NetworkChange change(
      List<String> added, List<PoolRequest> wanted, NetifChange interfaces, boolean unasked) {
    return new NetworkChange(
        false,
        List.of(),
        added.stream().map(GuestAddress::parse).toList(),
        null,
        null,
        false,
        List.of(),
        List.of(),
        null,
        interfaces,
        wanted,
        unasked);
  }

  private static NetworkChange auto(String pool) {
    return change(List.of(), List.of(new PoolRequest(pool, false)), NetifChange.NONE, false);
  }

  /** A new interface on a network, by DHCP or with an address of that network. */
  private static NetworkChange on(String bridge, boolean dhcp) {
    return change(
        List.of(),
        List.of(),
        new NetifChange(
            false,
            List.of(),
            List.of(NetifChange.Addition.parse("eth0,,,," + bridge)),
            List.of(
                new NetifChange.Edit(
                    "eth0",
                    null,
                    null,
                    null,
                    null,
                    null,
                    false,
                    List.of(),
                    List.of(),
                    dhcp ? List.of() : List.of(new PoolRequest(null, false)),
                    null,
                    null,
                    dhcp,
                    null)),
            false,
            List.of(),
            List.of()),
        false);
  }

  private void set(int ctid, NetworkChange change) {
    daemon
        .containers()
        .set(
            new Ctid(ctid),
            new SettingsChange(Limits.NONE, null, null, null, null, null, null, null, null)
                .with(change),
            true,
            daemon.lines);
  }

  private Container saved(int ctid) {
    return host.store.find(new Ctid(ctid)).orElseThrow();
  }

  private static void refused(ExitCode code, ThrowingCallable work) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            LaminaException.class, e -> assertThat(e.exitCode()).isEqualTo(code));
  }

  @Test
  void pools_giveTheNextAddress_untilThereIsNone() {
    var _ = networks.createPool("few", "192.0.2.10-192.0.2.11", daemon.lines);
    daemon.create(101);
    daemon.create(102);
    daemon.create(103);
    set(101, auto(null));
    set(102, auto("few"));
    assertThat(saved(101).network().owned()).containsExactly(new IpAddress("192.0.2.10"));
    assertThat(saved(102).network().owned()).containsExactly(new IpAddress("192.0.2.11"));
    refused(ExitCode.NO_FREE_ADDRESS, () -> set(103, auto(null)));
    refused(ExitCode.BAD_PARAMETER, () -> set(103, auto("other")));
    refused(ExitCode.IP_IN_USE, () -> networks.createPool("more", "192.0.2.0/24", daemon.lines));
    assertThat(networks.pools().getFirst().used()).isEqualTo(2);
    networks.destroyPool("few", daemon.lines);
    refused(ExitCode.NO_FREE_ADDRESS, () -> set(103, auto(null)));
    refused(ExitCode.BAD_PARAMETER, () -> networks.destroyPool("few", daemon.lines));
  }

  @Test
  void whatAnswersOnTheWire_isInUse() {
    host.kernel.network.answering.add(new IpAddress("192.0.2.9"));
    daemon.create(101);
    NetworkChange taken = change(List.of("192.0.2.9"), List.of(), NetifChange.NONE, false);
    refused(ExitCode.IP_IN_USE, () -> set(101, taken));
    assertThat(saved(101).network().owned()).isEmpty();
    set(101, change(List.of("192.0.2.9"), List.of(), NetifChange.NONE, true));
    assertThat(saved(101).network().owned()).hasSize(1);
    // Its own is not asked for again.
    set(101, change(List.of("192.0.2.9", "192.0.2.8"), List.of(), NetifChange.NONE, false));
  }

  @Test
  void aNetwork_isMadeWhereNothingIsInItsWay() {
    host.kernel.network.networks.add(AddressRange.parse("10.37.0.0/16"));
    NetworkService.NetworkView made =
        networks.createNetwork("lamina0", null, "auto", null, daemon.lines);
    assertThat(made.network().subnet4()).isEqualTo("10.38.0.0/24");
    assertThat(made.network().subnet6()).startsWith("fd").endsWith("::/64");
    refused(
        ExitCode.IP_IN_USE,
        () -> networks.createNetwork("two", "10.38.0.128/25", null, null, daemon.lines));
    host.kernel.network.failure = new LaminaException(ExitCode.VETH_FAILED, "no bridge");
    refused(
        ExitCode.VETH_FAILED,
        () -> networks.createNetwork("three", null, null, null, daemon.lines));
    assertThat(networks.networks()).as("nothing is left of what failed").hasSize(1);
  }

  @Test
  void aNetwork_knowsWhoIsOnIt_andStaysWhileSomebodyIs() throws IOException {
    var _ = networks.createNetwork("lamina0", "10.37.0.0/29", null, null, daemon.lines);
    daemon.create(101);
    daemon.create(102);
    set(101, on("lamina0", true));
    set(102, on("lamina0", false));
    Netif asks = saved(101).network().interfaces().getFirst();
    Netif told = saved(102).network().interfaces().getFirst();
    assertThat(asks.lease()).isEqualTo(new IpAddress("10.37.0.2"));
    assertThat(told.addresses()).containsExactly(GuestAddress.parse("10.37.0.3/29"));
    assertThat(told.gateway4()).isEqualTo(new IpAddress("10.37.0.1"));
    List<Member> members = host.kernel.network.served.get("lamina0").members();
    assertThat(members)
        .containsExactly(
            new Member(asks.mac(), new IpAddress("10.37.0.2"), "web101", true),
            new Member(told.mac(), new IpAddress("10.37.0.3"), "web102", false));
    assertThat(networks.network("lamina0").places()).hasSize(2);
    refused(ExitCode.IP_IN_USE, () -> networks.destroyNetwork("lamina0", daemon.lines));

    host.kernel.network.served.clear();
    daemon = host.boot();
    assertThat(host.kernel.network.served.get("lamina0").members())
        .as("after the next daemon's start")
        .isEqualTo(members);

    daemon.containers().destroy(new Ctid(101), daemon.lines);
    assertThat(host.kernel.network.served.get("lamina0").members()).hasSize(1);
    daemon.containers().destroy(new Ctid(102), daemon.lines);
    daemon.core.networks().destroyNetwork("lamina0", daemon.lines);
    assertThat(host.kernel.network.served).isEqualTo(Map.of());
    refused(
        ExitCode.BAD_PARAMETER,
        () -> daemon.core.networks().destroyNetwork("lamina0", daemon.lines));
  }

  @Test
  void interfaces_areNobodyElses() {
    daemon.create(101);
    daemon.create(102);
    NetworkChange own =
        change(
            List.of(),
            List.of(),
            new NetifChange(
                false,
                List.of(),
                List.of(NetifChange.Addition.parse("eth0,02:00:00:00:00:01,mine")),
                List.of(),
                false,
                List.of(),
                List.of("nic0")),
            false);
    set(101, own);
    refused(ExitCode.IP_IN_USE, () -> set(102, own));
  }
}
