package org.lamina.manager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.GuestAddress;
import org.lamina.schema.InterfaceIdentity;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;
import org.lamina.schema.NetworkChange;
import org.lamina.schema.NetworkConfig;

/** Addresses of containers, from the start and live. */
class ContainerNetworkTest extends ContainerServiceCase {
  private static NetworkChange giving(String... addresses) {
    return new NetworkChange(
        false,
        List.of(),
        Stream.of(addresses).map(GuestAddress::parse).toList(),
        null,
        null,
        false,
        List.of(),
        List.of(),
        null);
  }

  private static SettingsChange network(NetworkChange change) {
    return new SettingsChange(Limits.NONE, null, null, null, null, null, null, null, null)
        .with(change);
  }

  private static NetworkConfig addresses(String... addresses) {
    return giving(addresses)
        .apply(
            NetworkConfig.NONE, new InterfaceIdentity(new Ctid(101), new java.util.UUID(0, 101)));
  }

  @Test
  void addresses_areThereFromTheStart_andChangeLive() {
    daemon.create(101);
    set(network(giving("10.0.0.1")), true);
    daemon.start(101);
    FakeInit init = host.kernel.running.get(new Ctid(101));
    assertThat(init.network).isEqualTo(addresses("10.0.0.1"));

    set(network(giving("10.0.0.2")), false);
    assertThat(init.network).isEqualTo(addresses("10.0.0.1", "10.0.0.2"));
    assertThat(host.store.find(new Ctid(101)).orElseThrow().network())
        .isEqualTo(addresses("10.0.0.1"));

    // What was not saved stays live beside what is saved now.
    set(network(giving("10.0.0.3")), true);
    assertThat(init.network).isEqualTo(addresses("10.0.0.1", "10.0.0.2", "10.0.0.3"));
    assertThat(host.store.find(new Ctid(101)).orElseThrow().network())
        .isEqualTo(addresses("10.0.0.1", "10.0.0.3"));
  }

  @Test
  void address_ofAnotherContainer_isRefused_savedOrLive() {
    daemon.create(101);
    set(network(giving("10.0.0.1")), true);
    daemon.start(101);
    set(network(giving("10.0.0.2")), false);
    daemon.create(102);
    for (String taken : List.of("10.0.0.1", "10.0.0.2")) {
      assertThatThrownBy(() ->
              daemon.containers().set(new Ctid(102), network(giving(taken)), true, daemon.lines))
          .isInstanceOfSatisfying(
              LaminaException.class,
              e -> {
                assertThat(e.exitCode()).isEqualTo(ExitCode.IP_IN_USE);
                assertThat(e.text()).contains(taken, "container 101");
              });
    }
  }

  @Test
  void network_thatCannotBeApplied_isNotSaved() {
    daemon.create(101);
    daemon.start(101);
    daemon.runtime.failures.put(
        "applyNetwork", new LaminaException(ExitCode.CANNOT_ADD_IP, "no veth"));
    assertThatThrownBy(() -> set(network(giving("10.0.0.1")), true))
        .hasMessageContaining("no veth");
    assertThat(host.store.find(new Ctid(101)).orElseThrow().network())
        .isEqualTo(NetworkConfig.NONE);
    assertThat(host.kernel.running.get(new Ctid(101)).network).isEqualTo(NetworkConfig.NONE);
  }

  @Test
  void obstacles_areToldWhenAContainerGetsItsFirstAddress() {
    host.kernel.obstacles = List.of("chain FORWARD drops");
    daemon.create(101);
    daemon.start(101);
    assertThat(daemon.lines.warned).isEmpty();
    set(network(giving("10.0.0.1")), true);
    assertThat(daemon.lines.warned).containsExactly("chain FORWARD drops");
  }
}
