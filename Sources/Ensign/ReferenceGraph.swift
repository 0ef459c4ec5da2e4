/// Who mentions whom, among flags or among segments.
struct ReferenceGraph {
  /// All mentions, node by node, and where those of each node begin.
  private var mentions: [Int] = []
  private var starts: [Int] = [0]
  /// Mentions of nodes of another graph, whose work is known.
  private var others: [Int] = []
  private var otherStarts: [Int] = [0]
  private var work: [Int] = []
  private var tokens: [Int] = []

  /// Why a graph is refused: a token to name, and the reason.
  struct Fault: Error {
    let token: Int
    let message: String
  }

  /// Adds the next node.
  mutating func append(mentions: [Int], others: [Int], work: Int, token: Int) {
    self.mentions += mentions
    starts.append(self.mentions.count)
    self.others += others
    otherStarts.append(self.others.count)
    self.work.append(work)
    tokens.append(token)
  }

  /// Checks that no node leads back to itself, that chains are of limited length, and that following all mentions from
  /// a node, each as often as it stands, is limited work.
  ///
  /// Returns that work for each node.
  ///
  /// - Parameters:
  ///   - otherWork: the work of the nodes of the other graph.
  ///   - kind: what the nodes are, for the messages.
  func check(otherWork: [Int], kind: String) throws(Fault) -> [Int] {
    var total = [Int](repeating: 0, count: work.count)
    var height = [Int](repeating: 0, count: work.count)
    var isOpen = [Bool](repeating: false, count: work.count)
    var path: [(node: Int, next: Int)] = []
    for root in work.indices where height[root] == 0 {
      path.append((root, starts[root]))
      isOpen[root] = true
      while let (node, next) = path.last {
        if next < starts[node + 1] {
          path[path.count - 1].next += 1
          let child = mentions[next]
          if isOpen[child] { throw Fault(token: tokens[child], message: "the \(kind) leads back to itself") }
          if height[child] == 0 {
            isOpen[child] = true
            path.append((child, starts[child]))
          }
        } else {
          try close(node, &total, &height, otherWork, kind)
          isOpen[node] = false
          path.removeLast()
        }
      }
    }
    return total
  }

  /// Sums up a node whose mentions have been summed up.
  private func close(
    _ node: Int, _ total: inout [Int], _ height: inout [Int], _ otherWork: [Int], _ kind: String
  ) throws(Fault) {
    var sum = work[node]
    for other in others[otherStarts[node]..<otherStarts[node + 1]] { sum += otherWork[other] }
    for child in mentions[starts[node]..<starts[node + 1]] {
      sum += total[child]
      height[node] = max(height[node], height[child])
      // Checked in between, so that the sum of many large works cannot overflow.
      if sum > SnapshotLimits.work { break }
    }
    guard sum <= SnapshotLimits.work else {
      throw Fault(token: tokens[node], message: "evaluating the \(kind) takes more than \(SnapshotLimits.work) steps")
    }
    height[node] += 1
    guard height[node] <= SnapshotLimits.nesting else {
      throw Fault(token: tokens[node], message: "more than \(SnapshotLimits.nesting) of a \(kind) in a chain")
    }
    total[node] = sum
  }
}

extension SnapshotLoader {
  /// Refuses circles, long chains, and flags that would take too long.
  mutating func checkGraphs() throws(SnapshotError) {
    do throws(ReferenceGraph.Fault) {
      let segmentWork = try segmentGraph.check(otherWork: [], kind: "segment")
      _ = try flagGraph.check(otherWork: segmentWork, kind: "flag")
    } catch {
      throw invalid(error.message, error.token)
    }
  }
}
