package org.lamina.manager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventsTest {
  private final Events events = new Events();

  @Test
  void everybodyWhoFollows_hearsWhatComesAfter() throws Exception {
    events.publish(HostEvent.Type.CONTAINER_STARTED, "1", "before");
    try (Events.Follower a = events.follow();
        Events.Follower b = events.follow()) {
      events.publish(HostEvent.Type.CONTAINER_STARTED, "101", "");
      assertThat(a.next(Duration.ofSeconds(5)).orElseThrow().target()).isEqualTo("101");
      assertThat(b.next(Duration.ofSeconds(5)).orElseThrow().target()).isEqualTo("101");
      assertThat(a.next(Duration.ofMillis(1))).isEmpty();
    }
  }

  @Test
  void aSlowFollower_holdsUpNobody_andIsToldWhatItMissed() throws Exception {
    try (Events.Follower slow = events.follow()) {
      for (int i = 0; i < 1003; i++) {
        events.publish(HostEvent.Type.CONTAINER_CHANGED, Integer.toString(i), "");
      }
      List<HostEvent> heard = new ArrayList<>();
      for (int i = 0; i < 1001; i++) {
        heard.add(slow.next(Duration.ofSeconds(5)).orElseThrow());
      }
      assertThat(heard.get(999).target()).isEqualTo("999");
      assertThat(heard.getLast().type()).isEqualTo(HostEvent.Type.MISSED);
      assertThat(heard.getLast().text()).startsWith("3 events");
      assertThat(slow.next(Duration.ZERO)).isEmpty();
    }
  }

  @Test
  void theEnd_letsFollowersGo() throws Exception {
    try (Events.Follower follower = events.follow()) {
      Thread ender = Thread.ofVirtual().start(events::end);
      assertThat(follower.next(Duration.ofMinutes(5))).isEmpty();
      assertThat(follower.ended()).isTrue();
      ender.join();
      assertThatThrownBy(events::follow).hasMessageContaining("ending");
    }
  }

  @Test
  void tooManyFollowers_areRefused_untilOneLeaves() {
    List<Events.Follower> all = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      all.add(events.follow());
    }
    assertThatThrownBy(events::follow).hasMessageContaining("64 readers");
    all.removeFirst().close();
    all.add(events.follow());
    all.forEach(Events.Follower::close);
  }
}
