internal import YAML

/// Who refers to whom: segments to segments, configs to the configs of their prerequisites.
struct ReferenceGraph {
  /// A reference to another node, and the place where it is written.
  struct Edge {
    let target: Int
    let range: SourceRange
  }

  /// The references by node.
  var edges: [[Edge]]

  init(nodes: Int) { edges = Array(repeating: [], count: nodes) }

  /// Calls `body` with every cycle found: its nodes from the one that is reached first, each with its edge to the next;
  /// the last edge closes the cycle.
  ///
  /// Every reference that leads back to a node from which it was reached closes one cycle, so a graph with a cycle
  /// anywhere has at least one report, and a graph without one has none. Nodes are visited in ascending order, edges in
  /// theirs. Nothing recurses: a chain of 100,000 segments is no reason to run out of stack.
  ///
  /// - Complexity: O(nodes + edges), plus `body`.
  func forEachCycle(_ body: (_ path: ArraySlice<(node: Int, edge: Edge)>) -> Void) {
    var places = [Int?](repeating: nil, count: edges.count)
    var isDone = [Bool](repeating: false, count: edges.count)
    var path: [(node: Int, next: Int)] = []
    var steps: [(node: Int, edge: Edge)] = []
    for start in edges.indices where !isDone[start] && !edges[start].isEmpty {
      path.append((start, 0))
      places[start] = 0
      while let (node, next) = path.last {
        guard next < edges[node].count else {
          isDone[node] = true
          places[node] = nil
          path.removeLast()
          if !steps.isEmpty { steps.removeLast() }
          continue
        }
        path[path.count - 1].next += 1
        let edge = edges[node][next]
        if let place = places[edge.target] {
          steps.append((node, edge))
          body(steps[place...])
          steps.removeLast()
        } else if !isDone[edge.target] {
          steps.append((node, edge))
          places[edge.target] = path.count
          path.append((edge.target, 0))
        }
      }
    }
  }
}

extension Condition {
  /// Calls `body` with every name of a segment in the condition, in the order of the file.
  func forEachSegmentName(_ body: (Located<String>) -> Void) {
    switch self {
    case .all(let children), .any(let children):
      for child in children { child.value.forEachSegmentName(body) }
    case .not(let child): child.value.forEachSegmentName(body)
    case .segment(let names): names.forEach(body)
    case .attribute: break
    }
  }

  /// Calls `body` with the tests on every attribute in the condition, in the order of the file.
  func forEachAttributeTest(_ body: (AttributeTest) -> Void) {
    switch self {
    case .all(let children), .any(let children):
      for child in children { child.value.forEachAttributeTest(body) }
    case .not(let child): child.value.forEachAttributeTest(body)
    case .attribute(let test): body(test)
    case .segment: break
    }
  }
}
