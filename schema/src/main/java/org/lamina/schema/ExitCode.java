package org.lamina.schema;

/**
 * The one table of process exit codes, compatible with the OpenVZ {@code vzctl} numbers.
 *
 * <p>Every {@link LaminaException} carries one of these; {@code docs/exit-codes.md} is generated
 * from this table and a test keeps both equal.
 */
public enum ExitCode {
  OK(0, "success"),
  UBC_FAILED(1, "a resource parameter could not be set"),
  CPU_FAILED(2, "a CPU parameter could not be set"),
  SYSTEM(3, "a system call or a helper program failed"),
  NO_KERNEL_SUPPORT(5, "this kernel lacks what is needed"),
  NO_RESOURCES(6, "not enough resources on this host"),
  ENVIRONMENT_FAILED(7, "the container environment could not be created"),
  EXEC_FAILED(8, "the command run by exec failed"),
  LOCKED(9, "another command holds the container"),
  NO_HOST_CONFIG(10, "the daemon is not running or not configured"),
  PERMISSION_DENIED(12, "the caller may not do this"),
  CAPABILITY_FAILED(13, "a capability or feature could not be set"),
  NO_CONTAINER_CONFIG(14, "there is no such container"),
  TIMEOUT(15, "the operation took too long"),
  USAGE(20, "bad command line"),
  BAD_PARAMETER(21, "bad parameter value"),
  BEHIND(22, "containers are behind their template"),
  NO_TEMPLATE_NAMED(29, "no OS template was given"),
  NOT_RUNNING(31, "the container is not running"),
  ALREADY_RUNNING(32, "the container is running"),
  CANNOT_STOP(33, "the container could not be stopped"),
  CANNOT_ADD_IP(34, "the network could not be set up"),
  NOT_MOUNTED(40, "the container is not mounted"),
  ALREADY_MOUNTED(41, "the container is mounted"),
  PRIVATE_MISSING(43, "the private area is missing"),
  PRIVATE_EXISTS(44, "the private area exists already"),
  DISK_FULL(46, "the disk is full"),
  BROKEN_TEMPLATE(47, "the root file system has no init or no shell"),
  CANNOT_MOUNT(50, "the container could not be mounted"),
  CANNOT_UMOUNT(51, "the container could not be unmounted"),
  CANNOT_DELETE(52, "the private area could not be deleted"),
  DISK_LIMIT_FAILED(62, "a disk limit could not be set"),
  BAD_HOSTNAME(70, "bad host name"),
  BAD_IP(71, "bad IP address or port"),
  BAD_NAMESERVER(72, "bad name server"),
  BAD_SEARCHDOMAIN(73, "bad search domain"),
  PASSWORD_FAILED(74, "the password could not be changed"),
  IP_IN_USE(78, "the IP address, port, interface or network is in use"),
  SAMPLE_MISSING(82, "the sample configuration is missing"),
  BAD_CONFIG(85, "the container configuration is invalid"),
  DEVICE_FAILED(86, "a device could not be set up"),
  NO_FREE_ADDRESS(89, "no pool has a free address"),
  TEMPLATE_NOT_FOUND(91, "the OS template was not found"),
  TEMPLATE_IN_USE(95, "containers depend on the OS template"),
  TEMPLATE_EXISTS(96, "the OS template cache exists already"),
  TEMPLATE_BUILD_FAILED(97, "the OS template could not be built"),
  NETDEV_FAILED(104, "an interface of the host could not be moved"),
  START_DISABLED(105, "starting the container is disabled"),
  VETH_FAILED(130, "a bridged interface or a network could not be set up"),
  NAME_FAILED(131, "the name is in use or cannot be set"),
  WAIT_FAILED(133, "the container started but did not come up in time"),
  SAVE_FAILED(139, "the configuration could not be saved"),
  REGISTER_FAILED(140, "the private area could not be registered"),
  NOT_OWNER(141, "the private area belongs to another host or container"),
  UNREGISTER_FAILED(142, "the container could not be unregistered");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** The number given to the shell, 0 to 255. */
  public int code() {
    return code;
  }

  /** One lower-case phrase for documentation and messages. */
  public String meaning() {
    return meaning;
  }
}
