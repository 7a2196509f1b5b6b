package dev.feedlight.selftest;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter.Group;
import java.util.List;
import java.util.Map;

/** Cases of {@link Operation.LinearUpdate}. */
final class UpdateCases {
  static final Map<String, Optimizer> OPTIMIZERS =
      Map.of(
          "sgd", Optimizer.sgd(),
          "sgd decay", new Optimizer.Sgd(0.1f),
          "momentum", Optimizer.momentum(0.9f),
          "momentum decay", new Optimizer.Momentum(0.5f, 0.1f),
          "adam", Optimizer.adam(),
          "adam decay", new Optimizer.Adam(0.8f, 0.9f, 1e-3f, 0.1f, false),
          "adamW", Optimizer.adamW(0.1f));

  private static final List<LinearShape> STEPPED =
      List.of(
          new LinearShape(1, 1, 1),
          new LinearShape(5, 17, 31),
          new LinearShape(31, 33, 65),
          new LinearShape(64, 129, 127));

  private UpdateCases() {}

  static void addTo(CaseList cases) {
    for (Activation activation : Activation.values()) {
      for (LinearShape shape : LinearShape.SMALL) {
        UpdateScenario scenario = new UpdateScenario(shape, activation);
        add(cases, scenario, Optimizer.sgd(), activation + " sgd");
        add(cases, scenario.sliced().withoutBias(), Optimizer.sgd(), activation + " sgd");
        addAccumulate(cases, scenario, 0);
        addAccumulate(cases, scenario.sliced().withoutBias(), 1);
        addAccumulate(cases, scenario.sliced(), 1);
      }
    }
    UpdateScenario deep = new UpdateScenario(LinearShape.DEEP, Activation.TANH);
    add(cases, deep, Optimizer.sgd(), Activation.TANH + " sgd");
    OPTIMIZERS.keySet().stream().sorted().forEach(name -> addStepped(cases, name));
    for (float beta : new float[] {0, 1}) {
      UpdateScenario scenario = new UpdateScenario(STEPPED.get(1), Activation.TANH).afterFailure();
      addAccumulate(cases, scenario, beta);
    }
  }

  private static void addStepped(CaseList cases, String name) {
    Optimizer optimizer = OPTIMIZERS.get(name);
    for (LinearShape shape : STEPPED) {
      UpdateScenario scenario = new UpdateScenario(shape, Activation.TANH).steps(3);
      add(cases, scenario, optimizer, name);
      add(cases, scenario.sliced().withoutBias(), optimizer, name);
      add(cases, scenario.groups(new Group(0.5f, false), new Group(2, true)), optimizer, name);
    }
    UpdateScenario small = new UpdateScenario(STEPPED.get(1), Activation.RELU);
    add(cases, small.afterFailure(), optimizer, name);
    add(cases, small.groups(new Group(0, true), new Group(0, true)), optimizer, name);
    add(cases, small.scaled(0), optimizer, name);
    add(cases, small.scaled(1e-30f), optimizer, name);
    add(cases, small.scaled(1e12f), optimizer, name);
    add(cases, new UpdateScenario(LinearShape.LARGE, Activation.TANH), optimizer, name);
  }

  private static void add(
      CaseList cases, UpdateScenario scenario, Optimizer optimizer, String name) {
    cases.add(
        Operation.LinearUpdate.class,
        scenario.shape().toString(),
        name + " " + scenario.variant(),
        bench -> scenario.apply(bench, optimizer));
  }

  private static void addAccumulate(CaseList cases, UpdateScenario scenario, float beta) {
    cases.add(
        Operation.LinearUpdate.class,
        scenario.shape().toString(),
        scenario.activation() + " accumulate beta " + beta + " " + scenario.variant(),
        bench -> scenario.accumulate(bench, beta));
  }
}
