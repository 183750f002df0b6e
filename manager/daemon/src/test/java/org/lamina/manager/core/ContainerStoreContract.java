package org.lamina.manager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.lamina.schema.BindMount;
import org.lamina.schema.ByteSize;
import org.lamina.schema.CpuList;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.IdRange;
import org.lamina.schema.Labels;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;
import org.lamina.schema.LimitsBuilder;
import org.lamina.schema.NetworkConfig;

/** What every container store does. Subclasses give an empty store to each test. */
public abstract class ContainerStoreContract {
  private static final int BASE = 65_536 * 16;
  private static final IdPool POOL = new IdPool(BASE, range -> true);

  /** A value in every place, no two alike where that is possible. */
  public static final Limits EVERY_LIMIT =
      new LimitsBuilder()
          .ram(new ByteSize(1 << 29))
          .swap(ByteSize.UNLIMITED)
          .guarantee(30)
          .cpuPercent(12.5)
          .cpuUnits(1000)
          .cpus(3)
          .cpuMask(CpuList.AUTO)
          .nodeMask(new CpuList("0-1,4"))
          .ioPriority(7)
          .ioLimit(new ByteSize(10 << 20))
          .iopsLimit(500L)
          .numproc(Long.MAX_VALUE)
          .numfile(4096L)
          .numpty(16L)
          .build();

  protected abstract ContainerStore store();

  public static Container sample(int ctid, String name) {
    return Container.of(
            new Ctid(ctid),
            UUID.randomUUID(),
            "debian-12",
            0,
            IdRange.PRIVILEGED,
            Instant.now().truncatedTo(ChronoUnit.MICROS))
        .name(name)
        .build();
  }

  public static Container full(int ctid) {
    return Container.of(
            new Ctid(ctid),
            UUID.randomUUID(),
            "debian-12",
            3,
            IdRange.PRIVILEGED,
            Instant.now().truncatedTo(ChronoUnit.MICROS))
        .name("web " + ctid)
        .hostname("web1.example.com")
        .description("Überblick \"quoted\"; $(id) 🙂")
        .sample("basic")
        .onboot(true)
        .bootOrder(-5)
        .disabled(true)
        .stopTimeoutSeconds(30)
        .limits(EVERY_LIMIT)
        .bindMounts(BindMount.parseAll("/srv/a:/mnt/a,ro,noexec /own"))
        .network(network("10.0.0." + (ctid % 250) + " fd00::" + ctid + "/64", ctid + ":80"))
        .labels(Labels.parse("env=prod,tier=web"))
        .extra(Map.of("TECHNOLOGIES", "x;y=\"z\""))
        .wantsRunning(true)
        .build();
  }

  static NetworkConfig network(String addresses, String ports) {
    Map<String, String> keys =
        Map.of(
            "IP_ADDRESS",
            addresses,
            "NAMESERVER",
            "9.9.9.9",
            "SEARCHDOMAIN",
            "example.com",
            "LAMINA_PUBLISH",
            ports,
            "RATE",
            "*:1:2048",
            "NETIF",
            netif(ports.replaceAll(":.*", "")),
            "NETDEV",
            "nic" + ports.replaceAll(":.*", ""));
    return NetworkConfig.read(key -> Optional.ofNullable(keys.get(key)));
  }

  private static String netif(String n) {
    String pair = "%02d".formatted(Integer.parseInt(n) % 100);
    return "ifname=eth0,mac=02:00:00:00:00:%s,host_ifname=veth%s.1,host_mac=fe:00:00:00:00:%s,bridge=br0,ip=10.1.0.%s/24,gw=10.1.0.254"
        .formatted(pair, n, pair, Integer.parseInt(n) % 250);
  }

  static Intent creating(int ctid) {
    return Intent.of(new Ctid(ctid), Intent.Kind.CREATING);
  }

  private Container add(Container draft) {
    Container added = store().insert(draft, POOL, creating(draft.ctid().value()));
    store().clear(draft.ctid());
    return added;
  }

  @Test
  void insert_find_giveEveryFieldBack() {
    Container full = add(full(101));
    Container bare = add(sample(102, null));

    assertThat(store().find(full.ctid())).hasValue(full);
    assertThat(store().find(bare.ctid())).hasValue(bare);
    assertThat(store().findByName("web 101")).hasValue(full);
    assertThat(store().findByName("web")).isEmpty();
    assertThat(store().find(new Ctid(999))).isEmpty();
    assertThat(store().all()).containsExactly(full, bare);
  }

  @Test
  void insert_keepsTheIntentInTheSameStep() {
    Intent intent = Intent.of(new Ctid(101), Intent.Kind.CREATING, "some data");
    Container _ = store().insert(sample(101, null), POOL, intent);

    assertThat(store().intents())
        .singleElement()
        .satisfies(i -> {
          assertThat(i.ctid()).isEqualTo(intent.ctid());
          assertThat(i.kind()).isEqualTo(intent.kind());
          assertThat(i.data()).isEqualTo("some data");
        });
  }

  @Test
  void insert_takesTheLowestFreeRange_andReusesOnesGivenBack() {
    assertThat(add(sample(101, null)).ids().base()).isEqualTo(BASE);
    assertThat(add(sample(102, null)).ids().base()).isEqualTo(BASE + IdRange.SIZE);
    store().delete(new Ctid(101));
    assertThat(add(sample(103, null)).ids().base()).isEqualTo(BASE);
  }

  @Test
  void insert_skipsRangesOfTheHost() {
    IdPool pool = new IdPool(BASE, range -> range.base() > BASE + IdRange.SIZE);
    assertThat(store().insert(sample(101, null), pool, creating(101)).ids().base())
        .isEqualTo(BASE + 2 * IdRange.SIZE);
  }

  @Test
  void insert_withoutPool_keepsTheGivenRange_alsoPrivilegedOnes() {
    IdRange own = new IdRange(BASE + 7 * IdRange.SIZE);
    assertThat(store().insert(sample(101, null).withIds(own), null, creating(101)).ids())
        .isEqualTo(own);
    Container _ = store().insert(sample(102, null), null, creating(102));
    Container _ = store().insert(sample(103, null), null, creating(103));

    assertThat(store().find(new Ctid(101)).orElseThrow().ids()).isEqualTo(own);
    assertThat(store().find(new Ctid(103)).orElseThrow().ids()).isEqualTo(IdRange.PRIVILEGED);
  }

  @Test
  void insert_refusesWhatIsTaken_andChangesNothing() {
    Container first = add(full(101));
    assertFails(
        ExitCode.PRIVATE_EXISTS, () -> store().insert(sample(101, null), POOL, creating(101)));
    assertFails(
        ExitCode.NAME_FAILED, () -> store().insert(sample(102, "web 101"), POOL, creating(102)));
    assertFails(
        ExitCode.NOT_OWNER,
        () -> store().insert(sample(103, null).withIds(first.ids()), null, creating(103)));

    assertFails(
        ExitCode.IP_IN_USE,
        () -> store().insert(connected(104, "fd00::101", "90:80"), POOL, creating(104)));
    assertFails(
        ExitCode.IP_IN_USE,
        () -> store().insert(connected(104, "10.1.0.1", "101:8080"), POOL, creating(104)));

    assertThat(store().all()).containsExactly(first);
    assertThat(store().intents()).isEmpty();
  }

  @Test
  void addresses_areFreeAgain_whenTheirContainerGivesThemUp() {
    Container first = add(connected(101, "10.1.0.1 10.1.0.2", "80:80"));
    Container second = add(connected(102, "10.1.0.3", "81:80"));
    assertFails(
        ExitCode.IP_IN_USE,
        () -> store().save(second.edit().network(network("10.1.0.2", "81:80")).build()));
    assertThat(store().find(second.ctid())).hasValue(second);

    store().save(first.edit().network(network("10.1.0.1", "80:80")).build());
    store().save(second.edit().network(network("10.1.0.2", "81:80")).build());
    store().delete(first.ctid());
    Container third = add(connected(103, "10.1.0.1", "80:80"));

    assertThat(store().find(third.ctid())).hasValue(third);
  }

  private static Container connected(int ctid, String addresses, String ports) {
    return sample(ctid, null).edit().network(network(addresses, ports)).build();
  }

  @Test
  void save_replacesEverything_andLeavesTheIntent() {
    Container old = add(sample(101, "old"));
    store().intend(Intent.of(old.ctid(), Intent.Kind.STOPPING));
    Container changed = full(101).withIds(old.ids());

    store().save(changed);

    assertThat(store().find(old.ctid())).hasValue(changed);
    assertThat(store().findByName("old")).isEmpty();
    assertThat(store().intents()).hasSize(1);

    store().saveAndClear(old);
    assertThat(store().find(old.ctid())).hasValue(old);
    assertThat(store().intents()).isEmpty();
  }

  @Test
  void save_refusesATakenName_andUnknownContainers() {
    Container _ = add(sample(101, "one"));
    Container two = add(sample(102, "two"));
    assertFails(ExitCode.NAME_FAILED, () -> store().save(sample(102, "one").withIds(two.ids())));
    assertFails(ExitCode.NO_CONTAINER_CONFIG, () -> store().save(sample(103, null)));

    assertThat(store().find(two.ctid())).hasValue(two);
  }

  @Test
  void intend_replaces_clear_forgets() {
    store().intend(Intent.of(new Ctid(101), Intent.Kind.STARTING));
    store().intend(Intent.of(new Ctid(101), Intent.Kind.STOPPING, "fast"));
    assertThat(store().intents()).extracting(Intent::kind).containsExactly(Intent.Kind.STOPPING);

    store().clear(new Ctid(101));
    store().clear(new Ctid(101));
    assertThat(store().intents()).isEmpty();
  }

  @Test
  void delete_forgetsRowRangeAndIntent_andIsIdempotent() {
    Container c = store().insert(full(101), POOL, creating(101));
    store().delete(c.ctid());
    store().delete(c.ctid());

    assertThat(store().all()).isEmpty();
    assertThat(store().intents()).isEmpty();
    assertThat(add(full(101)).ids()).isEqualTo(c.ids());
  }

  @Test
  void dependents_areThoseOfTheTemplate() {
    Container c = add(sample(101, null));
    assertThat(store().dependents("debian-12")).containsExactly(c);
    assertThat(store().dependents("debian-1")).isEmpty();
  }

  @Test
  void insert_fromManyThreads_givesEveryContainerARangeOfItsOwn() throws Exception {
    Set<Integer> bases = new ConcurrentSkipListSet<>();
    CountDownLatch go = new CountDownLatch(1);
    try (ExecutorService pool = Executors.newFixedThreadPool(20)) {
      for (int i = 0; i < 20; i++) {
        int ctid = 101 + i;
        pool.execute(() -> {
          try {
            go.await();
            bases.add(add(sample(ctid, "c" + ctid)).ids().base());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
      }
      go.countDown();
      pool.shutdown();
      assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(bases).hasSize(20).allMatch(base -> base < BASE + 20 * IdRange.SIZE);
  }

  private static void assertFails(ExitCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LaminaException.class, e -> assertThat(e.exitCode()).isEqualTo(code));
  }
}
