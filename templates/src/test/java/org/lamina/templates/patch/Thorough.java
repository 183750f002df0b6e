package org.lamina.templates.patch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import org.lamina.schema.Ctid;

/** Plans that look at every changed path, which those that look at fewer must be equal to. */
final class Thorough {
  private Thorough() {}

  /** A family none of whose containers is ordinary. */
  private record Family(PackageFamily family) implements PackageFamily {
    @Override
    public List<String> paths() {
      return family.paths();
    }

    @Override
    public List<String> trees() {
      return family.trees();
    }

    @Override
    public List<String> locks() {
      return family.locks();
    }

    @Override
    public View view(Ctid ctid, DeltaTree delta, DeltaContent content) throws IOException {
      View view = family.view(ctid, delta, content);
      return (View)
          Proxy.newProxyInstance(
              View.class.getClassLoader(),
              new Class<?>[] {View.class},
              (proxy, method, arguments) -> {
                try {
                  return method.getName().equals("ordinary")
                      ? (Object) false
                      : method.invoke(view, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }
  }

  /** The plan of one container, seen to be the same with every path looked at. */
  static PatchPlan plan(
      GenerationDiff diff,
      TemplateTree base,
      TemplateTree next,
      PackageFamily family,
      MemoryTree delta,
      Move move)
      throws IOException {
    Planner planner = new Planner(diff, base, next, family);
    // Only what the planner asked for, as a scan would return it.
    MemoryTree seen = new MemoryTree();
    delta.things.forEach((path, thing) -> {
      if (planner.interest().wants(path)) {
        seen.things.put(path, thing);
      }
    });
    PatchPlan plan = planner.plan(World.CT, seen.delta(), delta, move);
    PatchPlan thorough =
        new Planner(diff, base, next, new Family(family)).plan(World.CT, seen.delta(), delta, move);
    assertThat(plan.summary()).isEqualTo(thorough.summary());
    assertThat(plan.blocked()).isEqualTo(thorough.blocked());
    assertThat(plan.outdated()).isEqualTo(thorough.outdated());
    assertThat(said(plan.steps())).isEqualTo(said(thorough.steps()));
    return plan;
  }

  /** A maker is an object of its own in each plan. */
  private static List<Object> said(List<Step> steps) {
    return steps.stream()
        .map(s -> s instanceof Step.Make make ? (Object) ("make " + make.path()) : s)
        .toList();
  }
}
