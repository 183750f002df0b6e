package org.lamina.manager.api;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may talk to the daemon: root, and members of one group. The permissions of the socket
 * say the same; this holds even where somebody changed those. Thread safe.
 */
public final class PeerGuard {
  private final Accounts accounts;
  private final UserPrincipal root;
  private final @Nullable GroupPrincipal group;
  private final String groupName;

  /** Principals are equal when their numbers are, so a number once found stays right. */
  private final Map<UserPrincipal, Peer> peers = new ConcurrentHashMap<>();

  /**
   * @param groupName need not exist: then only root may
   */
  public PeerGuard(String groupName, Accounts accounts) throws IOException {
    this.accounts = accounts;
    this.groupName = groupName;
    UserPrincipalLookupService lookup = FileSystems.getDefault().getUserPrincipalLookupService();
    this.root = lookup.lookupPrincipalByName("root");
    this.group = find(lookup, groupName);
  }

  private static @Nullable GroupPrincipal find(UserPrincipalLookupService lookup, String name)
      throws IOException {
    try {
      return lookup.lookupPrincipalByGroupName(name);
    } catch (UserPrincipalNotFoundException e) {
      return null;
    }
  }

  /** The group that may use the socket, if this host has it. */
  public Optional<GroupPrincipal> group() {
    return Optional.ofNullable(group);
  }

  /** Who is at the other end of a connected Unix socket. */
  public Peer peer(SocketChannel channel) throws IOException {
    return peer(channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user());
  }

  /** True for root, for who acts with the group's id, and for the group's members. */
  public boolean mayCall(SocketChannel channel) throws IOException {
    UnixDomainPrincipal credentials = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
    return credentials.user().equals(root)
        || credentials.group().equals(group)
        || (group != null && accounts.isMember(credentials.user().getName(), groupName));
  }

  private Peer peer(UserPrincipal user) {
    return user.equals(root)
        ? new Peer(0, "root")
        : peers.computeIfAbsent(user, u -> new Peer(accounts.uid(u.getName()), u.getName()));
  }
}
