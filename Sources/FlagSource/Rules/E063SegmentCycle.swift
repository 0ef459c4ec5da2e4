extension Rule {
  static let segmentCycle = Rule(
    code: "E063", name: "segment-cycle", level: .error,
    summary: "Segments refer to each other in a circle.",
    explanation: """
      A segment may use other segments, but none that uses it in turn, directly or through others: who belongs to \
      them would have no answer. Take one of the references out; what the segments have in common can go to a third \
      one.
      """,
    badExample: Example([
      ("segments/staff.yaml", "description: Our own people.\nwhen: {segment: testers}\n"),
      ("segments/testers.yaml", "description: People who test.\nwhen: {segment: staff}\n"),
    ]),
    goodExample: Example([
      ("segments/staff.yaml", "description: Our own people.\nwhen: {segment: testers}\n"),
      ("segments/testers.yaml", "description: People who test.\nwhen: {groups: {includes: testers}}\n"),
    ]),
    check: .tree { facts, _, findings in
      let segments = facts.tree.segments
      var graph = ReferenceGraph(nodes: segments.count)
      for (index, segment) in segments.enumerated() {
        segment.when?.value.forEachSegmentName { name in
          guard let target = facts.tree.segmentIndex[name.value] else { return }
          graph.edges[index].append(ReferenceGraph.Edge(target: target, range: name.range))
        }
      }
      graph.forEachCycle { path in findings.add(.segmentCycle(path, segments)) }
    })
}

extension Finding {
  fileprivate static func segmentCycle(
    _ path: ArraySlice<(node: Int, edge: ReferenceGraph.Edge)>, _ segments: [Segment]
  ) -> Finding {
    let site = Site(file: segments[path[path.endIndex - 1].node].file)
    return .cycle(.segmentCycle, path, site, noun: "segment", help: "take one of the references out") {
      (segments[$0].key, segments[$0].file)
    }
  }

  /// The words for a cycle of references, at the one that closes it.
  ///
  /// However long the cycle is, the message names at most eight of its nodes, and there are at most eight notes.
  static func cycle(
    _ rule: Rule, _ path: ArraySlice<(node: Int, edge: ReferenceGraph.Edge)>, _ site: Site, noun: String,
    help: String, _ node: (Int) -> (key: String, file: FileReference)
  ) -> Finding {
    let closing = path[path.endIndex - 1]
    let first = node(path[path.startIndex].node).key
    let message: String
    if path.count == 1 {
      message = "\(noun) \(first.quoted) refers to itself"
    } else {
      let shown = path.prefix(8).map { node($0.node).key.quoted }
      let rest = path.count > shown.count ? ["… (\(path.count - shown.count) more)"] : []
      message = "\(noun)s refer to each other in a circle: " + (shown + rest + [first.quoted]).joined(separator: " → ")
    }
    let notes = path.dropLast().prefix(8).map { step in
      let (key, file) = node(step.node)
      return Note("\(key.quoted) refers to \(node(step.edge.target).key.quoted)", file: file, range: step.edge.range)
    }
    return site.finding(rule, message, help: help, at: closing.edge.range, notes: notes)
  }
}
