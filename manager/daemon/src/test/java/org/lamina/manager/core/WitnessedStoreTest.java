package org.lamina.manager.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lamina.schema.ByteSize;
import org.lamina.schema.Ctid;
import org.lamina.schema.Labels;
import org.lamina.schema.Limits;

class WitnessedStoreTest {
  private static final Ctid CTID = new Ctid(101);

  private final InMemoryContainerStore inner = new InMemoryContainerStore();
  private final Events events = new Events();
  private final Events.Follower follower = events.follow();
  private final WitnessedStore store = new WitnessedStore(inner, events);

  @AfterEach
  void leave() {
    follower.close();
  }

  private List<String> told() {
    List<String> all = new ArrayList<>();
    try {
      for (Optional<HostEvent> next = follower.next(Duration.ZERO);
          next.isPresent();
          next = follower.next(Duration.ZERO)) {
        HostEvent e = next.get();
        all.add((e.type().word() + " " + e.target() + " " + e.text()).strip());
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return all;
  }

  private Container created() {
    Container c =
        store.insert(
            ContainerStoreContract.sample(101, "web"), null, Intent.of(CTID, Intent.Kind.CREATING));
    assertThat(told()).isEmpty();
    store.saveAndClear(c);
    return c;
  }

  @Test
  void theLifeOfAContainer_isTold() {
    Container c = created();
    assertThat(told()).containsExactly("container-created 101 web: from debian-12");
    store.intend(Intent.of(CTID, Intent.Kind.STARTING));
    store.saveAndClear(c.withWantsRunning(true));
    assertThat(told()).containsExactly("container-started 101 web");
    store.intend(Intent.of(CTID, Intent.Kind.STOPPING));
    store.save(c.withWantsRunning(false));
    assertThat(told()).containsExactly("container-stopped 101 web");
    store.intend(Intent.of(CTID, Intent.Kind.DESTROYING));
    store.delete(CTID);
    assertThat(told()).containsExactly("container-destroyed 101 web");
  }

  @Test
  void changes_areNamed_andWhatChangesNothingIsNot() {
    Container c = created();
    var _ = told();
    store.save(
        c.edit()
            .limits(new Limits(new ByteSize(1 << 29), null, null, null, null))
            .labels(Labels.parse("env=prod"))
            .build());
    assertThat(told()).containsExactly("container-changed 101 web: limits, labels");
    store.save(inner.find(CTID).orElseThrow().withExtra("LAMINA_PATCH_NEXT", "3"));
    assertThat(told()).isEmpty();
    store.intend(Intent.of(CTID, Intent.Kind.SWITCHING));
    store.saveAndClear(c.withGeneration(4));
    assertThat(told())
        .containsExactly("container-changed 101 web: generation 0 to 4, limits, labels");
  }

  @Test
  void whatWasBegunByAnEarlierDaemon_isToldToo() {
    inner.insert(
        ContainerStoreContract.sample(101, null), null, Intent.of(CTID, Intent.Kind.DESTROYING));
    new WitnessedStore(inner, events).delete(CTID);
    assertThat(told()).containsExactly("container-destroyed 101");
  }

  @Test
  void aCreationThatIsUndone_andAnUnregistration_areNoDestruction() {
    var _ =
        store.insert(
            ContainerStoreContract.sample(101, null), null, Intent.of(CTID, Intent.Kind.CREATING));
    store.delete(CTID);
    assertThat(told()).isEmpty();
    var _ = created();
    store.delete(CTID);
    assertThat(told()).endsWith("container-unregistered 101 web");
  }
}
