package org.lamina.acceptance;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.ProtectionDomain;
import java.util.Map;
import java.util.Set;

/**
 * Runs inside the daemon under test, and only there: makes it die at a step of its work that was
 * chosen before. A step is the entry of a method that is about to change something; what came
 * before it has happened and it has not. The daemon's own code knows nothing of this.
 *
 * <p>The file {@code arm} says {@code WORD N}: die at the Nth step since this line was first seen;
 * 0 for never. While it is there, each step's name is appended to the file {@code steps}.
 */
public final class FaultAgent {
  /** Methods by class; every one of them changes what a crash could leave half-done. */
  private static final Map<String, Set<String>> STEPS =
      Map.ofEntries(
          Map.entry(
              "org/lamina/manager/store/H2ContainerStore",
              Set.of("insert", "save", "saveAndClear", "intend", "clear", "delete")),
          Map.entry("org/lamina/manager/store/H2PatchStore", Set.of("begin", "put")),
          Map.entry(
              "org/lamina/manager/core/patch/UndoJournal", Set.of("save", "restore", "delete")),
          Map.entry("org/lamina/manager/core/PatchGround", Set.of("writeConf")),
          Map.entry("org/lamina/agent/runtime/LiveSwitch", Set.of("exchange", "exchangeInside")),
          Map.entry("org/lamina/agent/sys/jna/JnaMountCalls", Set.of("attachBeneath", "unmount")),
          Map.entry(
              "org/lamina/agent/runtime/FdGuestRoot",
              Set.of("write", "link", "makeDirectory", "remove")),
          Map.entry("org/lamina/agent/runtime/LinuxContainerRuntime", Set.of("mount", "umount")),
          Map.entry(
              "org/lamina/agent/mount/DeltaSquash", Set.of("squash", "mergeEntry", "removePair")),
          Map.entry("org/lamina/agent/runtime/Launcher", Set.of("launch")),
          Map.entry("org/lamina/agent/disk/HostTools", Set.of("run")),
          Map.entry(
              "org/lamina/agent/disk/Image",
              Set.of("setLength", "unmount", "tellDevice", "settleSize", "publishAs")),
          Map.entry(
              "org/lamina/agent/disk/Relocation",
              Set.of("removeOwn", "settle", "finish", "remove")),
          Map.entry(
              "org/lamina/agent/disk/Subvolumes", Set.of("create", "delete", "enable", "limit")),
          Map.entry("org/lamina/agent/sys/jna/JnaDiskCalls", Set.of("exchange")),
          Map.entry("org/lamina/agent/network/NetworkRecord", Set.of("write", "remove")),
          Map.entry("org/lamina/agent/network/FilterKeeper", Set.of("update", "rebuild")),
          Map.entry(
              "org/lamina/agent/network/Tools",
              Set.of(
                  "ip",
                  "ipInside",
                  "ipBoth",
                  "ipLeniently",
                  "ipInsideLeniently",
                  "ipBothLeniently")),
          Map.entry("org/lamina/agent/network/MovedDevices", Set.of("record", "back", "release")),
          Map.entry("org/lamina/agent/network/NameService", Set.of("serve", "start")),
          Map.entry("org/lamina/templates/patch/DeltaPruner", Set.of("prune")),
          Map.entry("org/lamina/templates/rpm/GuestRpm", Set.of("run", "move")),
          Map.entry(
              "org/lamina/templates/store/Staging",
              Set.of("create", "move", "write", "flush", "discard")),
          Map.entry("org/lamina/templates/store/NextGeneration", Set.of("build")),
          Map.entry("org/lamina/templates/tree/LayerTrimmer", Set.of("trim")),
          Map.entry("org/lamina/templates/tree/ManifestFile", Set.of("write")));

  private static final ClassDesc SELF = ClassDesc.of(FaultAgent.class.getName());
  private static Path arm = Path.of("/nonexistent");
  private static String seen = "";
  private static int passed;

  private FaultAgent() {}

  /**
   * Begins to watch the daemon's classes.
   *
   * @param argument the file {@code arm}; {@code steps} lies beside it
   */
  public static void premain(String argument, Instrumentation instrumentation) {
    arm = Path.of(argument);
    instrumentation.addTransformer(new Transformer());
  }

  /** Called by the daemon's own methods. */
  public static synchronized void step(String name) {
    try {
      String order = Files.readString(arm).strip();
      if (!order.equals(seen)) {
        seen = order;
        passed = 0;
      }
      passed++;
      Files.writeString(
          arm.resolveSibling("steps"),
          name + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      if (passed == Integer.parseInt(order.substring(order.indexOf(' ') + 1))) {
        // As after SIGKILL: no hook runs, no block is left, no buffer is written.
        Runtime.getRuntime().halt(137);
      }
    } catch (IOException e) {
      // not armed
    }
  }

  private static final class Transformer implements ClassFileTransformer {
    @Override
    public byte[] transform(
        ClassLoader loader,
        String name,
        Class<?> redefined,
        ProtectionDomain domain,
        byte[] bytes) {
      Set<String> methods = STEPS.get(name);
      if (methods == null) {
        return null;
      }
      ClassFile classes =
          ClassFile.of(
              ClassFile.ClassHierarchyResolverOption.of(
                  ClassHierarchyResolver.ofResourceParsing(loader)));
      String simple = name.substring(name.lastIndexOf('/') + 1);
      return classes.transformClass(
          classes.parse(bytes),
          (builder, element) -> {
            if (element instanceof MethodModel method
                && methods.contains(method.methodName().stringValue())) {
              String step = simple + "." + method.methodName().stringValue();
              builder.transformMethod(
                  method, MethodTransform.transformingCode(new Announcing(step)));
            } else {
              builder.with(element);
            }
          });
    }
  }

  /** Puts a call in front of a method's code. */
  private static final class Announcing implements CodeTransform {
    private final String name;

    Announcing(String name) {
      this.name = name;
    }

    @Override
    public void atStart(CodeBuilder builder) {
      builder
          .loadConstant(name)
          .invokestatic(
              SELF, "step", MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String));
    }

    @Override
    public void accept(CodeBuilder builder, CodeElement element) {
      builder.with(element);
    }
  }
}
