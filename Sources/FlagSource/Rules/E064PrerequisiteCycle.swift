extension Rule {
  static let prerequisiteCycle = Rule(
    code: "E064", name: "prerequisite-cycle", level: .error,
    summary: "Flags require each other in a circle.",
    explanation: """
      A flag may require others, but none that requires it in turn, directly or through others, in the same \
      environment, and never itself: none of them could be decided first. Take one of the prerequisites out.
      """,
    badExample: Example([
      ("environments/staging/new-cart.yaml", "enabled: true\nrequires: {payments-api: on}\notherwise: on\n"),
      ("definitions/payments-api.yaml", "description: The payments API.\ntype: boolean\noff: off\nowner: payments\n"),
      ("environments/staging/payments-api.yaml", "enabled: true\nrequires: {new-cart: on}\notherwise: on\n"),
    ]),
    goodExample: Example([
      ("environments/staging/new-cart.yaml", "enabled: true\nrequires: {payments-api: on}\notherwise: on\n"),
      ("definitions/payments-api.yaml", "description: The payments API.\ntype: boolean\noff: off\nowner: payments\n"),
      ("environments/staging/payments-api.yaml", "enabled: true\notherwise: on\n"),
    ]),
    check: .tree { facts, _, findings in
      let configs = facts.configs.all
      var graph = ReferenceGraph(nodes: configs.count)
      // Most require nothing, and are not copied for that.
      for index in configs.indices where !configs.span[index].requires.isEmpty {
        let environment = configs.span[index].environment
        for flag in configs.span[index].requires {
          guard let target = facts.configs.index.position(of: flag.value, in: environment) else { continue }
          graph.edges[index].append(ReferenceGraph.Edge(target: target, range: flag.range))
        }
      }
      graph.forEachCycle { path in findings.add(.prerequisiteCycle(path, configs)) }
    })
}

extension Finding {
  fileprivate static func prerequisiteCycle(
    _ path: ArraySlice<(node: Int, edge: ReferenceGraph.Edge)>, _ configs: [ConfigOutline]
  ) -> Finding {
    let config = configs[path[path.endIndex - 1].node]
    let site = Site(file: config.file, flag: config.flag, environment: config.environment)
    return .cycle(.prerequisiteCycle, path, site, noun: "flag", help: "take one of the prerequisites out") {
      (configs[$0].flag, configs[$0].file)
    }
  }
}
